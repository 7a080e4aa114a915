"""Lines of landed files, read in bounded memory, whatever bytes they hold.

    bytes (fsspec) ─ gunzip, up to where the stream breaks ─ whole lines ─ Arrow: line number, text, fault

This is the way of gzipped and remote files, and of local ones that DuckDB's own reader refuses.
"""

import zlib
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.records import decoded

CHUNK = 4 * 1024 * 1024
# The longest text that is handed on whole; of a longer line the start is kept.
LONGEST_LINE = 16 * 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LINES = pa.schema([("line_no", pa.int64()), ("line", pa.string()), ("fault", pa.string())])
_ROWS_AT_ONCE = 16_384


class BrokenGzipError(Exception):
    """The gzip stream ends, or makes no sense, before its end."""


def read_lines(raw: Iterable[bytes]) -> Iterator[pa.Table]:
    """Turn the chunks of a file into tables of ``LINES``; line numbers start at 1, blank lines count.

    ``fault`` is the reason for which a line cannot be read at all: ``unreadable_bytes``,
    ``record_too_large`` or, for what is left where a gzip stream breaks, ``truncated_gzip``.
    """
    splitter, line_no = _Splitter(), 1
    try:
        for chunk in plain_bytes(raw):
            if lines := splitter.feed(chunk):
                yield _table(line_no, lines)
                line_no += len(lines)
    except BrokenGzipError:
        yield _one(line_no, readable(splitter.rest), "truncated_gzip")
        return
    if splitter.rest:
        yield _table(line_no, [splitter.rest])


class _Splitter:
    """Cuts chunks into lines; ``rest`` is what came after the last line end."""

    def __init__(self) -> None:
        self.rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that this chunk completes."""
        head, end, tail = chunk.rpartition(b"\n")
        if not end:
            self.rest = (self.rest + chunk)[: LONGEST_LINE + 1]
            return []
        lines = head.split(b"\n")
        lines[0] = (self.rest + lines[0])[: LONGEST_LINE + 1]
        self.rest = tail
        return lines


def plain_bytes(raw: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a file's bytes, unzipped if they are gzip (by their first bytes, not by name), without a BOM."""
    chunks = iter(raw)
    first = next(chunks, b"")
    if first.startswith(GZIP_MAGIC):
        plain = gunzip(_all_of(first, chunks))
        first = next(plain, b"")
    else:
        plain = chunks
    yield first.removeprefix(BYTE_ORDER_MARK)
    yield from plain


def gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what can be unzipped; raises BrokenGzipError after the last byte before a break."""
    unzip, begun = _member(), False
    for chunk in chunks:
        left = chunk
        while left:
            if not begun and not left.startswith(GZIP_MAGIC[:1]):
                # Padding, or something else, after the last member: not part of the stream.
                if left.strip(b"\0"):
                    raise BrokenGzipError
                break
            before, begun = unzip.copy(), True
            try:
                plain = unzip.decompress(left, CHUNK)
            except zlib.error as error:
                yield from _salvaged(before, left)
                raise BrokenGzipError from error
            yield plain
            left = unzip.unconsumed_tail
            if unzip.eof:
                left = unzip.unused_data
                unzip, begun = _member(), False
    if begun:
        raise BrokenGzipError


def _member() -> "zlib._Decompress":
    return zlib.decompressobj(wbits=31)


def _salvaged(unzip: "zlib._Decompress", chunk: bytes) -> Iterator[bytes]:
    """Yield, byte by byte, what comes before the break in ``chunk``."""
    saved = bytearray()
    for position in range(len(chunk)):
        try:
            saved += unzip.decompress(chunk[position : position + 1])
        except zlib.error:
            break
        # A few zipped bytes may be a thousand times as many.
        if len(saved) > CHUNK:
            yield bytes(saved)
            saved.clear()
    yield bytes(saved)


def _all_of(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _table(line_no: int, lines: list[bytes]) -> pa.Table:
    raw = pa.array(lines, pa.binary())
    numbers = pa.array(range(line_no, line_no + len(lines)), pa.int64())
    try:
        text = raw.cast(pa.string())
        clean = (
            pc.max(pc.binary_length(raw)).as_py() <= LONGEST_LINE
            and not pc.any(pc.match_substring(text, "\0")).as_py()
        )
    except pa.ArrowInvalid:
        clean = False
    if clean:
        return _cut(pa.Table.from_arrays([numbers, text, pa.nulls(len(lines), pa.string())], schema=LINES))
    faults = [_fault(line) for line in lines]
    text = pa.array([readable(line) for line in lines], pa.string())
    return _cut(pa.Table.from_arrays([numbers, text, pa.array(faults, pa.string())], schema=LINES))


def _cut(table: pa.Table) -> pa.Table:
    """Cut a table into pieces that several threads can share."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=_ROWS_AT_ONCE), LINES)


def _one(line_no: int, text: str, fault: str) -> pa.Table:
    return pa.Table.from_pydict({"line_no": [line_no], "line": [text], "fault": [fault]}, schema=LINES)


def _fault(line: bytes) -> str | None:
    if len(line) > LONGEST_LINE:
        return "record_too_large"
    return "unreadable_bytes" if b"\0" in line or decoded(line) is None else None


def readable(line: bytes) -> str:
    r"""Decode a line; bytes that are not text, and NUL, appear as ``\\xff`` and ``\\x00``."""
    text = decoded(line)
    return (line.decode(errors="backslashreplace") if text is None else text).replace("\0", "\\x00")
