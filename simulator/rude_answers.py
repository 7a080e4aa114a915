"""Misbehaving servers, which keep a client waiting or return something other than data."""

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from threading import Event

_PAUSE_SECONDS = 0.1
_BODY = b'{"tickets": [], "users": [], "end_of_stream": true}'
_PAGE = b"<!doctype html><html><head><title>Sign in\x07</title></head><body>Who are you?</body></html>"


def _head(handler: BaseHTTPRequestHandler, status: int, length: int, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def _drip(handler: BaseHTTPRequestHandler, ended: Event) -> None:
    """Send single bytes forever, so that no read times out."""
    _head(handler, 200, 1_000_000, Content_Type="application/json")
    _slowly(handler, ended, _BODY.ljust(1_000_000))


def _drip_headers(handler: BaseHTTPRequestHandler, ended: Event) -> None:
    _slowly(handler, ended, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 60_000)


def _slowly(handler: BaseHTTPRequestHandler, ended: Event, answer: bytes) -> None:
    for position in range(len(answer)):
        handler.wfile.write(answer[position : position + 1])
        handler.wfile.flush()
        if ended.wait(_PAUSE_SECONDS):
            return


def _redirect(handler: BaseHTTPRequestHandler, _: Event) -> None:
    _head(handler, 302, 0, Location="https://elsewhere.example/login?token=swordfish")


def _web_page(handler: BaseHTTPRequestHandler, _: Event) -> None:
    _head(handler, 200, len(_PAGE), Content_Type="text/html; charset=utf-8")
    handler.wfile.write(_PAGE)


def _come_back_tomorrow(handler: BaseHTTPRequestHandler, _: Event) -> None:
    _head(handler, 429, 0, Retry_After="86400")


RUDE_ANSWERS: Mapping[str, Callable[[BaseHTTPRequestHandler, Event], None]] = {
    "drip": _drip,
    "drip_headers": _drip_headers,
    "redirect": _redirect,
    "web_page": _web_page,
    "come_back_tomorrow": _come_back_tomorrow,
}
