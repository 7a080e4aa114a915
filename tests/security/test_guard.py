"""The guard before a real server: its own pages pass, what any other page can make a browser send does not."""

import base64
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from security.guard import LOCAL, Guard

PASSWORD = "påss:word"


async def _page(_: Request) -> PlainTextResponse:
    return PlainTextResponse("reached")


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("reached")
    await websocket.close()


@dataclass(frozen=True)
class Site:
    """A guarded server."""

    port: int

    def ask(self, method: str, path: str = "/", **headers: str) -> int:
        """Return the status of an answer; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = requests.request(
            method,
            f"http://127.0.0.1:{self.port}{path}",
            data=b"{}" if method not in ("GET", "HEAD") else None,
            headers=sent,
            timeout=30,
        )
        assert ("reached" in answer.text or method == "HEAD") == (answer.status_code == 200)
        return answer.status_code

    def opens(self, **headers: str) -> bool:
        """Say whether a WebSocket opens with an origin."""
        origin = Origin(headers["origin"]) if "origin" in headers else None
        more = {name: value for name, value in headers.items() if name != "origin"}
        try:
            with connect(
                f"ws://127.0.0.1:{self.port}/socket", origin=origin, additional_headers=more
            ) as open_one:
                return open_one.recv(timeout=30) == "reached"
        except InvalidStatus:
            return False


def served(password: str = "", hosts: tuple[str, ...] = LOCAL) -> Iterator[Site]:
    routes = [
        Route("/{path:path}", _page, methods=["GET", "POST", "PUT", "DELETE", "PATCH"]),
        WebSocketRoute("/socket", _socket),
    ]
    app = Guard(Starlette(routes=routes), hosts, password, no_query_paths=["/graphql"])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Site(listening.getsockname()[1])
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    yield from served(hosts=(*LOCAL, "dagster.shop.test"))


@pytest.fixture(scope="module")
def locked_site() -> Iterator[Site]:
    yield from served(PASSWORD)


JSON = {"content_type": "application/json"}


def test_its_own_pages_and_programs_pass(site: Site) -> None:
    own = f"http://127.0.0.1:{site.port}"
    assert site.ask("GET") == 200
    assert site.ask("HEAD") == 200
    assert site.ask("GET", "/runs?status=failed", sec_fetch_site="none") == 200
    assert site.ask("GET", "/graphql") == 200
    assert site.ask("POST", "/graphql", **JSON) == 200
    assert site.ask("POST", content_type="Application/JSON; charset=utf-8", origin=own) == 200
    assert site.ask("POST", **JSON, origin=own, sec_fetch_site="same-origin") == 200
    assert site.opens(origin=own)
    assert site.opens()


def test_a_link_to_it_opens_a_page(site: Site) -> None:
    link = {"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}
    assert site.ask("GET", "/runs/1", **link) == 200
    assert site.ask("GET", "/graphql?query=mutation", **link) == 405


@pytest.mark.parametrize(
    "host", ["evil.test", "127.0.0.1.evil.test", "localhost.evil.test:3000", "127.0.0.2", "", "[::2]"]
)
def test_a_name_that_was_pointed_here_is_refused(site: Site, host: str) -> None:
    assert site.ask("GET", host=host) == 400
    assert site.ask("POST", **JSON, host=host, origin=f"http://{host}") == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:3000", "[::1]:3000", "[::1]", "dagster.shop.test"])
def test_names_by_which_it_is_known_pass(site: Site, host: str) -> None:
    assert site.ask("GET", host=host) == 200
    assert site.ask("POST", **JSON, host=host, origin=f"https://{host.lower()}") == 200


@pytest.mark.parametrize(
    "origin",
    ["http://evil.test", "null", "file://", "http://127.0.0.1:1", "http://localhost", "http://127.0.0.1.evil.test",
     "http://x@127.0.0.1", "chrome-extension://abc", "http://127.0.0.1/"],
)  # fmt: skip
def test_pages_of_other_origins_are_refused(site: Site, origin: str) -> None:
    assert site.ask("POST", **JSON, origin=origin) == 403
    assert site.ask("GET", origin=origin) == 403
    assert not site.opens(origin=origin)


@pytest.mark.parametrize("from_site", ["cross-site", "same-site"])
@pytest.mark.parametrize("dest", ["image", "iframe", "script", "empty", "document"])
def test_images_frames_scripts_and_forms_of_other_sites_are_refused(
    site: Site, from_site: str, dest: str
) -> None:
    mode = {"iframe": "navigate", "document": "navigate"}.get(dest, "no-cors")
    sent = {"sec_fetch_site": from_site, "sec_fetch_mode": mode, "sec_fetch_dest": dest}
    assert site.ask("POST", **JSON, **sent) == 403
    if dest != "document":
        assert site.ask("GET", **sent) == 403


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/plain; application/json",
    ],
)
def test_what_a_form_can_send_is_refused(site: Site, kind: str) -> None:
    assert site.ask("POST", content_type=kind) == 415


def test_a_post_without_a_type_is_refused(site: Site) -> None:
    assert site.ask("POST") == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    assert site.ask(method, **JSON) == 405


@pytest.mark.parametrize(
    "path", ["/graphql?query=mutation", "/graphql/?query=q", "/graphql?", "/%67raphql?query="]
)
def test_no_mutation_is_sent_by_get(site: Site, path: str) -> None:
    assert site.ask("GET", path) == (200 if path == "/graphql?" else 405)


def test_it_may_not_be_framed(site: Site) -> None:
    headers = requests.get(f"http://127.0.0.1:{site.port}/", timeout=30).headers
    assert headers["x-frame-options"] == "DENY"


def test_a_password_is_asked_for(locked_site: Site) -> None:
    def basic(text: str) -> str:
        return "Basic " + base64.b64encode(text.encode()).decode()

    assert locked_site.ask("GET", authorization=basic(f"anyone:{PASSWORD}")) == 200
    assert locked_site.opens(authorization=basic(f"anyone:{PASSWORD}"))
    wrong = ["", "Basic", "Basic !", basic("anyone:wrong"), basic(PASSWORD), f"Bearer {PASSWORD.encode()!r}"]
    assert [locked_site.ask("GET", authorization=each) for each in wrong] == [401] * len(wrong)
    assert locked_site.ask("GET") == 401
    assert not locked_site.opens()
    answer = requests.get(f"http://127.0.0.1:{locked_site.port}/", timeout=30)
    assert answer.headers["www-authenticate"].startswith("Basic ")
