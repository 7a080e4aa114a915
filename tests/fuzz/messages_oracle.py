"""What should become of landed messages: the same bytes, read in plain Python by the rules for raw data.

It shares nothing with ingestion. Where several rules forbid a record, any of them may be the reason.
"""

import json
import re
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

LARGEST = 1024 * 1024
DEEPEST = 32
BLANKS = " \t\r\n"
IDS = ("messageId", "type", "event", "name", "anonymousId", "userId", "previousId", "groupId")
UNSET = re.compile(r"0001-01-01T00:00:00(?:\.0+)?(?:Z|\+00:?00)?")
INSTANT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(Z|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
)


@dataclass
class Expected:
    """Expected content of a file: ids that load or repeat, and rejects, each with its possible reasons."""

    ids: Counter[str] = field(default_factory=Counter)
    rejects: list[tuple[str, set[str]]] = field(default_factory=list)

    @property
    def read(self) -> int:
        """How many records there are."""
        return self.ids.total() + len(self.rejects)


def expected_of(content: bytes, now: datetime) -> Expected:
    """Read a landed file."""
    expected = Expected()
    text, is_broken = _unzipped(content)
    *lines, rest = text.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for line in lines:
        _line(line, now, expected)
    if is_broken:
        expected.rejects.append((_shown(rest).strip(BLANKS), {"truncated_gzip"}))
    else:
        _line(rest, now, expected)
    return expected


def _unzipped(content: bytes) -> tuple[bytes, bool]:
    """Return the bytes that can be unzipped, and whether the stream is truncated; other bytes unchanged."""
    if not content.startswith(b"\x1f\x8b"):
        return content, False
    text, left = bytearray(), content
    while left:
        member = zlib.decompressobj(wbits=31)
        for position in range(len(left)):
            try:
                text += member.decompress(left[position : position + 1])
            except zlib.error:
                return bytes(text), True
            if member.eof:
                break
        if not member.eof:
            return bytes(text), True
        left = left[position + 1 :]
        if left and not left.startswith(b"\x1f"):
            return bytes(text), bool(left.strip(b"\0"))
    return bytes(text), False


def _line(line: bytes, now: datetime, expected: Expected) -> None:
    text = _shown(line).strip(BLANKS)
    if b"\0" in line or not _is_utf8(line):
        expected.rejects.append((text, {"unreadable_bytes"}))
    elif text:
        _record(text, now, expected)


def _record(text: str, now: datetime, expected: Expected) -> None:
    found = _parsed(text)
    if _is_envelope(found):
        for item in found["batch"]:
            whole = _with_context(item, found.get("context"))
            _message(unpacked(json.dumps(whole)), whole, now, expected, found)
        return
    _message(text, found, now, expected, {})


def _is_envelope(found: Any) -> bool:
    if not isinstance(found, dict) or not isinstance(found.get("batch"), list):
        return False
    return found.get("messageId") is None or _is_blank(found.get("type"))


def _is_blank(value: Any) -> bool:
    return value is None or not str(value).strip(" ")


def _with_context(message: Any, shared: Any) -> Any:
    if not isinstance(message, dict) or not isinstance(shared, dict):
        return message
    own = message.get("context")
    return {**message, "context": _filled(own if isinstance(own, dict) else {}, shared)}


def _filled(own: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """Add to an object what another one has, at any depth; a null adds nothing."""
    filled = dict(own)
    for key, value in shared.items():
        if isinstance(value, dict) and isinstance(own.get(key, {}), dict):
            filled[key] = _filled(own.get(key, {}), value)
        elif value is not None:
            filled.setdefault(key, value)
    return filled


def unpacked(text: str) -> str:
    """Write a message of an envelope in one way: its text there has neither blanks nor escapes of its own."""
    return "unpacked " + json.dumps(json.loads(text), sort_keys=True)


class NotJsonError(Exception):
    """The value of a text that is not JSON."""


def _parsed(text: str) -> Any:
    if _depth(text) > 500:
        return NotJsonError("deeper than Python reads")
    try:
        return _whole(json.loads(text, parse_constant=_refuse, object_pairs_hook=_first_of_each))
    except (ValueError, RecursionError) as error:
        return NotJsonError(error)


def _first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        found.setdefault(_joined(key), value)
    return found


def _whole(value: Any) -> Any:
    """Replace lone surrogates, which come from a cut character."""
    if isinstance(value, str):
        return _joined(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return {key: _whole(one) for key, one in value.items()} if isinstance(value, dict) else value


def _joined(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _message(text: str, found: Any, now: datetime, expected: Expected, envelope: dict[str, Any]) -> None:
    reasons = _reasons(text, found, now, envelope)
    if reasons:
        expected.rejects.append((text, reasons))
    else:
        value = found["messageId"]
        expected.ids[value if isinstance(value, str) else json.dumps(value)] += 1


def _reasons(text: str, found: Any, now: datetime, envelope: dict[str, Any]) -> set[str]:
    reasons = set()
    if len(text.encode()) > LARGEST:
        reasons.add("record_too_large")
    if _depth(text) > DEEPEST:
        reasons.add("nested_too_deep")
    if isinstance(found, NotJsonError):
        return reasons | ({"not_json"} if text.startswith("{") else {"not_json", "not_an_object"})
    if not isinstance(found, dict):
        return reasons | {"not_an_object"}
    for key, reason in (("messageId", "missing_message_id"), ("type", "missing_type")):
        if _is_blank(found.get(key)):
            reasons.add(reason)
    if any(isinstance(found.get(key), (dict, list)) for key in IDS):
        reasons.add("type_mismatch")
    if found.get("messageId") is not None and isinstance(found.get("batch"), list) and found["batch"]:
        reasons.add("message_with_batch")
    return reasons | _wrong_times(found, now, envelope)


def _wrong_times(found: dict[str, Any], now: datetime, envelope: dict[str, Any]) -> set[str]:
    """Find what is wrong with the one time that counts: of those that may be bad, the first that is good."""
    stated = _given(found, "timestamp") + _given(found, "originalTimestamp") + _given(envelope, "timestamp")
    sent = (_given(found, "sentAt") + _given(envelope, "sentAt"))[:1]
    received = (_given(found, "receivedAt") + _given(envelope, "receivedAt"))[:1]
    counting = stated[:1] or [value for value in sent + received if _moment(value)][:1]
    if not counting:
        return {"bad_timestamp"} if sent + received else {"missing_timestamp"}
    happened = _moment(counting[0])
    if happened is None:
        return {"bad_timestamp"}
    return {"timestamp_in_future"} if happened > now + timedelta(hours=48) else set()


def _given(found: dict[str, Any], key: str) -> list[Any]:
    value = found.get(key)
    is_unset = _is_no_time(value) or (isinstance(value, str) and UNSET.fullmatch(value.strip(BLANKS)))
    return [] if is_unset else [value]


def _is_no_time(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


def _moment(value: Any) -> datetime | None:
    match = INSTANT.fullmatch(value.strip(BLANKS)) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[7])).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    return timezone(
        (-1 if text[0] == "-" else 1) * timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    )


def _depth(text: str) -> int:
    """Count how deep brackets are nested, strings left out."""
    depth = deepest = 0
    for sign in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        depth += (sign in "[{") - (sign in "]}")
        deepest = max(deepest, depth)
    return deepest


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode(errors="surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _shown(line: bytes) -> str:
    r"""Show a line as a reject does: NUL and bytes that are not text as ``\x00`` and ``\xff``."""
    is_text = _is_utf8(line)
    text = line.decode(errors="surrogatepass" if is_text else "backslashreplace")
    text = _joined(text) if is_text else text
    return text.replace("\0", "\\x00")
