"""Writes event files: a folder a day or an hour, plain or gzipped, some of them broken."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

from simulator.broken_lines import ONCE_A_SOURCE, REASONS, broken_line
from simulator.json_lines import as_line
from simulator.mess import Mishaps
from simulator.plan import Plan, to_the_millisecond
from simulator.progress import Progress, silent
from simulator.spool import MEMORY_BYTES, Spool
from simulator.truth import Truth

SOURCES = ("web", "app", "marketing")
LINES_A_FILE = 20_000
HOURLY_DAYS = 3
CUT_FILE_LINES = 60


@dataclass
class _Line:
    """One line of a file: its bytes, and what it counts as."""

    text: bytes
    messages: int = 0
    redelivered: int = 0
    reason: str | None = None


@dataclass
class _Faults:
    """The next kind of broken line in one source, in turn."""

    kinds: Iterator[str] = field(default_factory=lambda: cycle(REASONS))
    spent: set[str] = field(default_factory=set)

    def next(self) -> str:
        """Return the next kind; some occur only once a source."""
        kind = next(kind for kind in self.kinds if kind not in self.spent)
        if kind in ONCE_A_SOURCE:
            self.spent.add(kind)
        return kind


class SegmentFiles:
    """Takes messages in any order, and writes them at the end as the files in which they arrived."""

    def __init__(
        self, out: Path, plan: Plan, mishaps: Mishaps, truth: Truth, spool_bytes: int = MEMORY_BYTES
    ) -> None:
        self._out = out
        self._plan = plan
        self._mishaps = mishaps
        self._truth = truth
        self._spool = Spool(out / ".spool", spool_bytes)
        self._faults = {source: _Faults() for source in SOURCES}
        self.messages = dict.fromkeys(SOURCES, 0)

    def add(self, source: str, message: Mapping[str, Any], received_at: datetime, rng: Random) -> None:
        """Deliver a message on the day of its receipt, and sometimes again on the next day."""
        text = as_line(message).encode()
        self._deliver(source, text, received_at, b"m")
        self.messages[source] += 1
        tomorrow = received_at + timedelta(days=1)
        if tomorrow < self._plan.until and self._mishaps.happens("duplicate_delivery", rng):
            self._deliver(source, text, tomorrow, b"d")

    def close(self, progress: Progress = silent) -> None:
        """Write all files."""
        piles = self._spool.piles()
        for done, pile in enumerate(piles):
            progress("days and hours of event files", done, len(piles))
            for number, lines in enumerate(self._spool.take(pile, LINES_A_FILE), start=1):
                self._write(pile, number, lines)
        self._spool.close()

    def _deliver(self, source: str, text: bytes, received_at: datetime, kind: bytes) -> None:
        folder = f"{source}/{received_at:%Y-%m-%d}"
        if source == "app" and self._plan.until - received_at < timedelta(days=HOURLY_DAYS):
            folder += f"/{received_at:%H}"
        arrival = to_the_millisecond(received_at).encode()
        self._spool.add(folder, arrival + b"\t" + kind + b"\t" + text + b"\n")

    def _write(self, pile: str, number: int, spooled: list[bytes]) -> None:
        source = pile.partition("/")[0]
        rng = self._plan.rng("file", pile, number)
        if self._mishaps.happens("unsorted_file", rng):
            rng.shuffle(spooled)
        else:
            spooled.sort()
        batched = self._mishaps.happens("batch_file", rng)
        lines = list(_in_batches(spooled, rng)) if batched else [_single(line) for line in spooled]
        lines = list(self._with_broken_lines(source, lines, spooled, rng))
        name = f"events-{number:04}{rng.choice(('.jsonl', '.jsonl', '.jsonl', '.json'))}"
        zipped = self._mishaps.happens("gzip_file", rng)
        path = self._out / "landing" / pile / (name + ".gz" if zipped else name)
        content = b"".join(line.text for line in lines)
        _write_bytes(path, _gzipped(content) if zipped else content)
        self._record_file(source, path, lines)
        if source == "web" and number == 1 and pile.endswith(f"{self._middle_day():%Y-%m-%d}"):
            self._write_cut_off(path.with_name("events-again.jsonl.gz"), spooled)

    def _middle_day(self) -> datetime:
        return self._plan.start + timedelta(days=self._plan.days // 2)

    def _with_broken_lines(
        self, source: str, lines: list[_Line], spooled: list[bytes], rng: Random
    ) -> Iterator[_Line]:
        """Put broken lines between good ones, always fewer than half of a file."""
        room = len(lines) // 4
        for index, line in enumerate(lines):
            yield line
            if room and self._mishaps.happens("broken_line", rng):
                room -= 1
                reason = self._faults[source].next()
                good = spooled[index].split(b"\t", 2)[2]
                yield _Line(broken_line(reason, good, rng), reason=reason)

    def _write_cut_off(self, path: Path, spooled: list[bytes]) -> None:
        """Deliver some messages again, in a truncated gzip stream."""
        content = b"".join(line.split(b"\t", 2)[2] for line in islice(spooled, CUT_FILE_LINES))
        whole = _gzipped(content)
        cut = whole[: len(whole) * 2 // 3]
        _write_bytes(path, cut)
        readable = zlib.decompressobj(wbits=31).decompress(cut).count(b"\n")
        line = _Line(b"", messages=readable, redelivered=readable)
        self._record_file("web", path, [line, _Line(b"", reason="truncated_gzip")])

    def _record_file(self, source: str, path: Path, lines: list[_Line]) -> None:
        """Record a written file in the truth."""
        name = path.relative_to(self._out).as_posix()
        reasons: dict[str, int] = {}
        for number, line in enumerate(lines, start=1):
            if line.reason:
                reasons[line.reason] = reasons.get(line.reason, 0) + 1
                cut = line.reason == "truncated_gzip"
                self._truth.reject(source, name, None if cut else number, line.reason)
        self._truth.file(
            {
                "source": source,
                "file": name,
                "messages": sum(line.messages for line in lines),
                "redelivered": sum(line.redelivered for line in lines),
                "rejects": reasons,
            }
        )


def _single(spooled: bytes) -> _Line:
    _, kind, text = spooled.split(b"\t", 2)
    return _Line(text, messages=1, redelivered=int(kind == b"d"))


def _in_batches(spooled: list[bytes], rng: Random) -> Iterator[_Line]:
    """Put messages that follow each other into envelopes, as the Segment libraries send them."""
    rest = iter(spooled)
    while batch := list(islice(rest, rng.randint(1, 20))):
        parts = [line.split(b"\t", 2) for line in batch]
        messages = b",".join(text.rstrip(b"\n") for _, _, text in parts)
        text = b'{"batch":[' + messages + b'],"sentAt":"' + parts[-1][0] + b'"}\n'
        again = sum(kind == b"d" for _, kind, _ in parts)
        yield _Line(text, messages=len(parts), redelivered=again)


def _gzipped(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=6, mtime=0)


def _write_bytes(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
