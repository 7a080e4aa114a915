"""`python -m orchestration.ui`: Dagster's UI behind a guard, with its daemon.

this process       the UI, behind `security.guard`        only this one listens, on a port
code server      reads the project and executes runs    on a socket that only this user can open
daemon           schedules, sensors, the queue of runs
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import dagster as dg
import uvicorn

# Dagster's webserver has a command, which listens without our guard; these are what it is made of.
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context

from orchestration.child import STARTED_BY
from security.guard import LOCAL, Guard
from security.private import keep_files_private

ROOT = Path(__file__).resolve().parents[1]
MODULE = "orchestration.definitions"
# The location's name is part of every run's tags: see `orchestration.refresh`.
LOCATION = "throughline"
_SECONDS_TO_END = 20.0
_SECONDS_TO_START = 300.0


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl+C or SIGTERM; 1 if a part of it ends by itself."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.ui", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    options = parser.parse_args(arguments)
    keep_files_private()
    os.environ.setdefault("DAGSTER_HOME", str(Path(__file__).parent / "instance"))
    hosts = [name.strip() for name in os.environ.get("UI_HOSTS", "").split(",") if name.strip()]
    if problem := _why_not(options.host, options.port):
        print(problem, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _interrupt)
    print("Reading the project ...", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="throughline-ui-") as folder,
        _code_server(Path(folder)) as workspace,
    ):
        # The command `dagster-daemon` is this module.
        daemon = _started("dagster._daemon", "run", "-w", str(workspace))
        try:
            return _serve(workspace, options.host, options.port, [*LOCAL, *hosts])
        except KeyboardInterrupt:
            return 0
        finally:
            _end(daemon)


def _why_not(host: str, port: int) -> str:
    """Say why nothing can listen there, before the project is read, which takes a while."""
    try:
        socket.create_server((host, port)).close()
    except (OSError, OverflowError) as error:
        cause = getattr(error, "strerror", None) or str(error)
        return f"The UI cannot listen on {host}:{port}: {cause}. Name another port: make ui UI_PORT=3001"
    return ""


def _serve(workspace: Path, host: str, port: int, hosts: list[str]) -> int:
    target = WorkspaceFileTarget(paths=[str(workspace)])
    with dg.DagsterInstance.get() as instance, WorkspaceProcessContext(instance, target) as context:
        app = create_app_from_workspace_process_context(context)
        guarded = Guard(app, hosts, os.environ.get("UI_PASSWORD", ""), no_query_paths=["/graphql"])
        print(f"Dagster's UI: http://{host}:{port}   (Ctrl+C stops it)", flush=True)
        # A browser that is open keeps its connections.
        uvicorn.run(guarded, host=host, port=port, log_level="warning", timeout_graceful_shutdown=3)
    return 0


@contextmanager
def _code_server(folder: Path) -> Iterator[Path]:
    """Start the server that reads the project and executes runs; yield the workspace file that leads to it."""
    address = folder / "code"
    workspace = folder / "workspace.yaml"
    workspace.write_text(
        f"load_from: [{{grpc_server: {{socket: '{address}', location_name: {LOCATION}}}}}]\n"
    )
    server = _started(
        "dagster", "code-server", "start", "-m", MODULE, "-d", str(ROOT), "--socket", str(address),
        "--location-name", LOCATION, "--inject-env-vars-from-instance",
    )  # fmt: skip
    try:
        _wait_for(address, server)
        yield workspace
    finally:
        _end(server)


def _wait_for(address: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SECONDS_TO_START
    while not address.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("Dagster's code server did not start; what it says is above.")
        time.sleep(0.2)


def _started(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "orchestration.child", module, *arguments],
        cwd=ROOT,
        env={**os.environ, STARTED_BY: str(os.getpid())},
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
