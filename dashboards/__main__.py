"""`python -m dashboards`: the dashboards behind a guard, on 127.0.0.1."""

import argparse
import os
import socket
import sys
from pathlib import Path

import streamlit
import uvicorn
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit.starlette import App

from dashboards.navigation import PATHS
from security.guard import LOCAL, Guard
from security.private import keep_files_private

SCRIPT = Path(__file__).with_name("app.py")
# A page that is opened at its own address looks for the server below that address first, and logs two errors.
_SERVER_IS_AT_THE_ROOT = "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/'}</script>"


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl+C or SIGTERM; return 1 with a message if that is impossible."""
    parser = argparse.ArgumentParser(prog="python -m dashboards", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    options = parser.parse_args(arguments)
    keep_files_private()
    hosts = [name.strip() for name in os.environ.get("DASHBOARDS_HOSTS", "").split(",") if name.strip()]
    if problem := _why_not(options.host, options.port):
        print(problem, file=sys.stderr)
        return 1
    guarded = Guard(application(), [*LOCAL, *hosts], os.environ.get("DASHBOARDS_PASSWORD", ""))
    print(f"Dashboards: http://{options.host}:{options.port}   (Ctrl+C stops them)", flush=True)
    # Open browsers keep their connections.
    uvicorn.run(
        guarded,
        host=options.host,
        port=options.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=3,
    )
    return 0


def application() -> App:
    """Return the dashboards as an ASGI application, without the guard."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    page = page.replace("<head>", f"<head>{_SERVER_IS_AT_THE_ROOT}", 1)

    async def index(_: Request) -> HTMLResponse:
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})

    return App(SCRIPT, routes=[Route(path, index) for path in PATHS])


def _why_not(host: str, port: int) -> str:
    """Return a message why the address cannot be used."""
    try:
        socket.create_server((host, port)).close()
    except (OSError, OverflowError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        return (
            f"The dashboards cannot listen on {host}:{port}: {cause}. Name another port: make dashboards "
            "DASHBOARDS_PORT=8502"
        )
    return ""


if __name__ == "__main__":
    sys.exit(main())
