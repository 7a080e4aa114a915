"""Broken lines of an event source: each kind has exactly one fault, and never a real record's id."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from simulator.devices import new_id

DEPTH = 40
OVER_ONE_MEBIBYTE = 1024 * 1024 + 1000


def broken_line(reason: str, good: bytes, rng: Random) -> bytes:
    """Break a copy of a good message's line; both end with a newline."""
    message: dict[str, Any] = json.loads(good)
    message["messageId"] = f"broken-{new_id(rng)}"
    return REASONS[reason](message, rng)


def _line(message: Any) -> bytes:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _not_json(message: dict[str, Any], rng: Random) -> bytes:
    text = _line(message)
    return text[: rng.randrange(20, len(text) - 20)] + b"\n"


def _not_an_object(message: dict[str, Any], rng: Random) -> bytes:
    return rng.choice((b'["track","page"]\n', b'"Order Completed"\n', b"42\n", b"null\n"))


def _without(*names: str) -> Callable[[dict[str, Any], Random], bytes]:
    def broken(message: dict[str, Any], rng: Random) -> bytes:
        return _line({name: value for name, value in message.items() if name not in names})

    return broken


def _bad_timestamp(message: dict[str, Any], rng: Random) -> bytes:
    text = rng.choice(("2026-08-02T10:00:00", "2026-13-45T25:61:00Z", "yesterday"))
    return _line(message | {"timestamp": text, "originalTimestamp": text})


def _in_future(message: dict[str, Any], rng: Random) -> bytes:
    return _line(message | {"timestamp": "2099-01-01T00:00:00.000Z"})


def _nested(message: dict[str, Any], rng: Random) -> bytes:
    nest: Any = "deep"
    for _ in range(DEPTH):
        nest = {"in": nest}
    return _line(message | {"properties": nest})


def _too_large(message: dict[str, Any], rng: Random) -> bytes:
    return _line(message | {"properties": {"text": "x" * OVER_ONE_MEBIBYTE}})


def _unreadable(message: dict[str, Any], rng: Random) -> bytes:
    return _line(message | {"event": "caf#"}).replace(b"caf#", b"caf\xe9")


REASONS: dict[str, Callable[[dict[str, Any], Random], bytes]] = {
    "not_json": _not_json,
    "not_an_object": _not_an_object,
    "missing_message_id": _without("messageId"),
    "missing_timestamp": _without("timestamp", "originalTimestamp", "sentAt", "receivedAt"),
    "bad_timestamp": _bad_timestamp,
    "missing_type": _without("type"),
    "timestamp_in_future": _in_future,
    "nested_too_deep": _nested,
    "unreadable_bytes": _unreadable,
    "record_too_large": _too_large,
}
ONCE_A_SOURCE = frozenset({"record_too_large"})
