"""A Zendesk-compatible support API over real HTTP, on 127.0.0.1.

Exports of tickets and users are paged by cursor, ticket events by time, satisfaction ratings by Zendesk's
``page[size]`` cursors. It can refuse every n-th request, to test that clients wait and retry.
"""

import base64
import binascii
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from simulator.rude_answers import RUDE_ANSWERS
from simulator.support_collections import SupportFiles, collections_of
from simulator.support_data import Record, SupportData
from simulator.support_pages import BadRequestError, Query, cursor_export, cursor_page, time_export

__all__ = ["SupportApi", "SupportData", "SupportFiles"]

ENDPOINTS = {
    "/api/v2/incremental/tickets/cursor": ("tickets", cursor_export),
    "/api/v2/incremental/users/cursor": ("users", cursor_export),
    "/api/v2/incremental/ticket_events": ("ticket_events", time_export),
    "/api/v2/satisfaction_ratings": ("satisfaction_ratings", cursor_page),
}
Answer = tuple[int, Record, dict[str, str]]


class SupportApi:
    """The server, as a context manager: ``with SupportApi(data) as api: api.base_url``.

    ``data`` is served from memory or from files. Clients need ``email`` and ``token`` (basic), or the token alone
    (bearer). Port 0 picks a free one; ``page_size`` counts where a request does not say. Every
    ``rate_limit_every``-th request gets 429, to be tried again after ``retry_after`` seconds, every
    ``fail_every``-th gets 503, and while the attribute ``outage`` is set to a status, every request gets
    that. While ``rude`` names one of ``RUDE_ANSWERS``, every request gets that after ``rude_after`` others, and with
    ``endless`` each page of tickets brings one more, for ever. The attribute ``requests`` counts what came in.
    """

    def __init__(
        self,
        data: SupportData | SupportFiles,
        *,
        email: str = "agent@throughline.example",
        token: str = "demo-token",
        port: int = 0,
        page_size: int = 100,
        rate_limit_every: int | None = None,
        fail_every: int | None = None,
        retry_after: int = 1,
    ) -> None:
        self._collections = collections_of(data)
        self._login = f"{email}/token:{token}"
        self._token = token
        self._page_size = page_size
        self._rate_limit_every = rate_limit_every
        self._fail_every = fail_every
        self._retry_after = retry_after
        self._lock = threading.Lock()
        self.requests = 0
        self.outage: int | None = None
        self.rude: str | None = None
        self.rude_after = 0
        self.endless = False
        self.ended = threading.Event()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def base_url(self) -> str:
        """Root of the API, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve_forever(self) -> None:
        """Serve in this thread until interrupted."""
        try:
            self._server.serve_forever()
        finally:
            self._server.server_close()

    def replace(self, data: SupportData | SupportFiles) -> None:
        """Serve other data from now on, at the same address."""
        self._collections = collections_of(data)

    def answer(self, path: str, query: Query, authorization: str) -> Answer:
        """Return status, body and extra headers for one request."""
        return self._refusal() or self._denial(authorization) or self._page(path, query)

    def _refusal(self) -> Answer | None:
        """Count the request, and refuse it because of its number or of an outage."""
        with self._lock:
            self.requests += 1
            number = self.requests
        if self.outage is not None:
            return self.outage, {"error": "InternalError", "description": "The desk is out of order"}, {}
        if _is_nth(number, self._rate_limit_every):
            body = {"error": "APIRateLimitExceeded", "description": "Number of allowed API requests exceeded"}
            return 429, body, {"Retry-After": str(self._retry_after)}
        if _is_nth(number, self._fail_every):
            return 503, {"error": {"title": "Service Unavailable", "message": "Please try again"}}, {}
        return None

    def _denial(self, authorization: str) -> Answer | None:
        scheme, _, secret = authorization.partition(" ")
        known = {"bearer": secret == self._token, "basic": _decoded(secret) == self._login}
        if known.get(scheme.lower(), False):
            return None
        return 401, {"error": "Couldn't authenticate you"}, {"WWW-Authenticate": 'Basic realm="Web Password"'}

    def _page(self, path: str, query: Query) -> Answer:
        endpoint = ENDPOINTS.get(path.removesuffix(".json"))
        if endpoint is None:
            return 404, {"error": "InvalidEndpoint", "description": "Not found"}, {}
        name, page = endpoint
        if self.endless and name == "tickets":
            return 200, _one_more(self.requests), {}
        try:
            body = page(name, self._collections[name], self.base_url + path, query, self._page_size)
        except BadRequestError as error:
            return 400, {"error": "InvalidValue", "description": str(error)}, {}
        return 200, body, {}


def _one_more(number: int) -> Record:
    at = f"2026-05-01T00:{number // 60 % 60:02}:{number % 60:02}Z"
    ticket = {"id": number, "requester_id": number, "created_at": at, "updated_at": at}
    return {"tickets": [ticket], "after_cursor": f"c{number}", "end_of_stream": False}


class _Server(ThreadingHTTPServer):
    """The HTTP server; the API computes the responses."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], api: SupportApi) -> None:
        self.api = api
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, writes one JSON answer."""

    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a GET request."""
        api = self.server.api
        if api.rude is not None and api.requests >= api.rude_after:
            RUDE_ANSWERS[api.rude](self, api.ended)
            return
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        authorization = self.headers.get("Authorization", "")
        status, body, headers = api.answer(url.path, query, authorization)
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: Any) -> None:
        """Do not log requests."""


def _is_nth(number: int, every: int | None) -> bool:
    return every is not None and number % every == 0


def _decoded(secret: str) -> str:
    try:
        return base64.b64decode(secret, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
