"""Rewrites landing files without the person; each file stays readable and keeps its line numbers.

A line of the person becomes an empty one. A file is written next to the old one and then renamed; in a bucket it is
overwritten.
"""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.errors import NotConfiguredError
from ingestion.lines.judge import IDS as ID_FIELDS
from ingestion.lines.landing import LandedFile, Landing, check_configured
from rights.stripping import Traces, says_who, scrubbed, stripped_event, stripped_message
from rights.verdicts import REMOVED
from rights.zipped import is_zipped, unzipped

SOURCES = ("web", "app", "marketing")
_MESSAGE_ID = re.compile(rb'"messageId"\s*:\s*"?([^",}]+)')


@dataclass(frozen=True)
class Rewritten:
    """A landing file before and after."""

    url: str
    checksum_before: str
    checksum: str
    size: int
    modified_at: datetime
    lines: int


def rewrite_landing(
    verdicts: Mapping[str, Mapping[str, str]], traces: Traces, note: Callable[[list[Rewritten]], None]
) -> int:
    """Rewrite the files of all sources; `verdicts` are by raw table and message id. Return how many lines changed.

    `note` is called before files are renamed, so that a kill cannot hide a rename.
    """
    lines = 0
    for source in SOURCES:
        try:
            check_configured(source)
        except NotConfiguredError:
            continue
        landing = Landing(source)
        of_source = verdicts.get(f"{source}_events", {})
        for file in landing.list():
            if file.holds_events:
                lines += _rewrite(landing, file, of_source, traces, note)
    return lines


def _rewrite(
    landing: Landing,
    file: LandedFile,
    verdicts: Mapping[str, str],
    traces: Traces,
    note: Callable[[list[Rewritten]], None],
) -> int:
    try:
        with landing.open(file) as stream:
            content = stream.read()
    except OSError:
        return 0
    before = unzipped(content).split(b"\n")
    after = [_line(line, verdicts, traces) for line in before]
    changed = sum(new != old for new, old in zip(after, before, strict=True))
    if not changed:
        return 0
    joined = b"\n".join(after)
    written = gzip.compress(joined, mtime=0) if is_zipped(content) else joined
    moment = datetime.now(UTC)
    if landing.is_local:
        new = Path(file.path).with_name(f".{Path(file.path).name}.erasing")
        descriptor = os.open(
            new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, Path(file.path).stat().st_mode & 0o777
        )
        with os.fdopen(descriptor, "wb") as out:
            out.write(written)
            out.flush()
            os.fsync(out.fileno())
        moment = datetime.fromtimestamp(new.stat().st_mtime, UTC)
        note([_facts(file, content, written, moment, changed)])
        new.replace(file.path)
    else:
        note([_facts(file, content, written, moment, changed)])
        with landing.files.open(file.path, "wb") as out:
            out.write(written)
    return changed


def _facts(file: LandedFile, content: bytes, written: bytes, moment: datetime, lines: int) -> Rewritten:
    before, after = (hashlib.sha256(each).hexdigest() for each in (content, written))
    return Rewritten(file.url, before, after, len(written), moment, lines)


def _line(line: bytes, verdicts: Mapping[str, str], traces: Traces) -> bytes:
    ids = _MESSAGE_ID.findall(line)
    if not traces.may_be_in(line) and not any(each.decode("utf-8", "replace") in verdicts for each in ids):
        return line
    try:
        message = json.loads(line)
    except ValueError:
        return b"" if traces.is_in(line.decode("utf-8", "replace")) else line
    clean = _cleaned(message, verdicts, traces)
    if clean == message:
        return line
    return b"" if clean is None else json.dumps(clean, ensure_ascii=False).encode()


def _cleaned(message: Any, verdicts: Mapping[str, str], traces: Traces) -> Any:
    """Return a message or an envelope without the person; None if nothing is left of it."""
    if not isinstance(message, dict):
        return scrubbed(message, traces)
    batch = message.get("batch")
    if isinstance(batch, list):
        kept = [clean for each in batch if (clean := _cleaned(each, verdicts, traces)) is not None]
        rest = scrubbed({key: value for key, value in message.items() if key != "batch"}, traces)
        return {**rest, "batch": kept} if kept or not batch else None
    verdict = verdicts.get(str(message.get("messageId")))
    # Messages without a verdict were never loaded, such as rejects.
    if verdict == REMOVED or (verdict is None and says_who(message, traces)):
        return None
    if verdict is None:
        return _scrubbed(message, traces) if _anywhere(message, traces) else message
    names = {column: field for field, column in ID_FIELDS.items()}
    parts = stripped_message(
        {column: message.get(names.get(column, column)) for column in _COLUMNS}, verdict, traces
    )
    clean = _scrubbed(
        {**message, **{names.get(column, column): value for column, value in parts.items()}}, traces
    )
    return {key: value for key, value in clean.items() if key in message}


_COLUMNS = ("anonymous_id", "user_id", "previous_id", "group_id", "context", "properties", "traits")


def _scrubbed(message: Mapping[str, Any], traces: Traces) -> dict[str, Any]:
    clean: dict[str, Any] = scrubbed(message, traces)
    if isinstance(event := message.get("event"), str):
        clean["event"] = stripped_event(event, traces)
    return clean


def _anywhere(value: Any, traces: Traces) -> bool:
    return any(traces.is_in(each) for each in _leaves(value))


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield value
