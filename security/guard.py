"""A guard in front of a web server without sign-in: only the server's own pages may send requests.

A server on 127.0.0.1 is reached by every web page that is open in a browser of the same machine. The guard lets a
request through if

    its Host is one of those the server is known by      a name that an attacker points at 127.0.0.1 is not
    its Origin, if a browser sends one, is that host     for WebSockets too, which browsers open to anywhere
    it does not come from another site                   `Sec-Fetch-Site`, for images, links and frames
    it only reads, or is a POST with JSON                a form of another page cannot send that

and, if a password is set, if it has the password. The guard works in front of any ASGI application.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = ("127.0.0.1", "localhost", "[::1]")
_READS = ("GET", "HEAD", "OPTIONS")
_SCHEMES = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_HEADERS = [(b"x-frame-options", b"DENY"), (b"cross-origin-resource-policy", b"same-origin")]


class Guard:
    """An ASGI application in front of another one.

    `hosts` are the names, without ports, by which browsers reach the server, including those of a proxy. Below
    `no_query_paths` a GET with a query is refused, because a GraphQL server would run mutations from it.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Sequence[str] = LOCAL,
        password: str = "",
        no_query_paths: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._password = password.encode()
        self._no_query_paths = tuple(no_query_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it with a message."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        status, refusal = self._refusal(scope, headers)
        if refusal:
            await _refuse(scope, receive, send, status, refusal)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _name_of(hosts[0]) not in self._hosts:
            return 400, "This server is not known by that name. Add it to the allowed hosts if it is."
        origins = headers.getlist("origin")
        if any(not _is_same(origin, hosts[0], headers) for origin in origins):
            return 403, "Pages of other sites may not use this server."
        if self._password and not self._has_password(headers):
            return 401, "A password is needed."
        if scope["type"] == "websocket":
            # Every browser sends an Origin with a WebSocket; other clients need none.
            return 0, ""
        return self._refusal_of_request(scope, headers)

    def _refusal_of_request(self, scope: Scope, headers: Headers) -> tuple[int, str]:
        site = headers.get("sec-fetch-site", "none")
        method = scope["method"]
        if method in _READS:
            # A link to a page of this server is harmless.
            is_link = (
                headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
            )
            if site not in ("same-origin", "none") and not (is_link and method == "GET"):
                return 403, "Pages of other sites may not use this server."
            if scope["path"].rstrip("/").endswith(self._no_query_paths or ("\0",)) and _asks(scope):
                return 405, "Queries are sent by POST, as JSON."
            return 0, ""
        if site not in ("same-origin", "none"):
            return 403, "Pages of other sites may not use this server."
        if method != "POST":
            return 405, "Only GET and POST are served."
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if len(headers.getlist("content-type")) != 1 or kind != "application/json":
            return 415, "A POST must be JSON."
        return 0, ""

    def _has_password(self, headers: Headers) -> bool:
        scheme, _, encoded = headers.get("authorization", "").partition(" ")
        try:
            _, _, given = base64.b64decode(encoded, validate=True).partition(b":")
        except (binascii.Error, ValueError):
            return False
        return scheme.lower() == "basic" and hmac.compare_digest(given, self._password)


def _name_of(host: str) -> str:
    """Return a Host header without its port; an IPv6 address stays in brackets."""
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and port.isdigit() else host.strip().lower()


def _is_same(origin: str, host: str, headers: Headers) -> bool:
    """Return whether an Origin is the requested host; a proxy may have terminated HTTPS."""
    parts = urlsplit(origin.strip().lower())
    if parts.scheme not in _SCHEMES or parts.path or parts.query or "@" in parts.netloc:
        return False
    ports = {f":{port}" for port in set(_SCHEMES.values())}

    def bare(netloc: str) -> str:
        return next((netloc.removesuffix(port) for port in ports if netloc.endswith(port)), netloc)

    return bare(parts.netloc) == bare(host.strip().lower())


def _asks(scope: Scope) -> bool:
    return bool(parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True))


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, sentence: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    headers = {"WWW-Authenticate": 'Basic realm="Throughline", charset="UTF-8"'} if status == 401 else None
    await PlainTextResponse(f"{sentence}\n", status, headers)(scope, receive, send)
