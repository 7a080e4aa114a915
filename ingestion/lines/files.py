"""Where lines come from: DuckDB's reader for clean local files, our own for all others.

survey: checksum, line ends ─ clean? ─ read_csv, a line a row ─┐
                              └ no, or DuckDB refuses ─ reader ──────┴─ judge

Our own takes so many bytes at once, and of large rejects it keeps the start once it has kept many whole. A file that
does not fit into memory nevertheless is set aside: it is a reject of its own, and is not tried again until it changes.
"""

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.errors import cause_of
from ingestion.lines.judge import judge, open_envelopes
from ingestion.lines.landing import LandedFile, Landing
from ingestion.lines.reader import CHUNK, GZIP_MAGIC, read_lines
from ingestion.records import LARGE_REJECTS, LARGEST_RECORD
from ingestion.run import Workbench
from storage.sql import literal

# Two control characters that JSON never holds; a file that holds them goes the other way.
_SEPARATOR = "\x01\x02"
_NOT_FOR_DUCKDB = (b"\r", b"\0", _SEPARATOR.encode())
# DuckDB takes a path with one of these for a pattern.
_PATTERN_SIGNS = "*?["
_LONGEST_LINE = 2 * 1024 * 1024
_READ_CSV = (
    f"columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false, delim = '{_SEPARATOR}',"
    " quote = '', escape = '', new_line = '\\n', strict_mode = true, compression = 'none',"
    f" max_line_size = {_LONGEST_LINE}"
)
THREADS = os.cpu_count() or 1
BYTES_AT_ONCE = 32 * 1024 * 1024
# A file with a longer line is not DuckDB's, which takes two thousand lines at once, whatever they weigh.
_LONG_LINE = 512 * 1024
_NO_MEMORY = (duckdb.OutOfMemoryException, MemoryError)
log = logging.getLogger(__name__)


@dataclass
class ReadFile:
    """A file that is being read: its number in the workbench, and what its bytes say."""

    file: LandedFile
    file_no: int = 0
    checksum: str = ""
    lines: int = 0
    is_clean: bool = False
    # What is to be taken off a line number in ``judged``: DuckDB numbers the lines of several files.
    lines_before: int = 0
    error: str = ""


@dataclass
class Reading:
    """The files of a group, read into ``judged``, and those that could not be read."""

    files: list[ReadFile] = field(default_factory=list)
    broken: list[ReadFile] = field(default_factory=list)
    set_aside: list[ReadFile] = field(default_factory=list)
    large_bytes: int = 0


def survey(landing: Landing, files: Sequence[LandedFile]) -> list[ReadFile]:
    """Look through local files; remote ones are only read once, later."""
    if not landing.is_local:
        return [ReadFile(file) for file in files]
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(lambda file: _survey(landing, file), files))


def _survey(landing: Landing, file: LandedFile) -> ReadFile:
    seen = ReadFile(file)
    digest, last, begun = hashlib.sha256(), b"\n", False
    clean = _has_plain_name(file)
    try:
        for chunk in landing.chunks(file, CHUNK):
            clean = clean and (begun or not chunk.startswith(GZIP_MAGIC))
            clean = clean and not any(byte in chunk for byte in _NOT_FOR_DUCKDB)
            clean = clean and not _has_long_line(chunk)
            digest.update(chunk)
            seen.lines += chunk.count(b"\n")
            last, begun = chunk[-1:], True
    except Exception as error:
        seen.error = cause_of(error)
    seen.lines += last != b"\n"
    seen.checksum, seen.is_clean = digest.hexdigest(), clean
    return seen


def _has_long_line(chunk: bytes) -> bool:
    """Look for a line that fills one window of half its length; the rest of a chunk is shorter than that."""
    window = _LONG_LINE // 2
    return any(chunk.find(b"\n", at, at + window) < 0 for at in range(0, len(chunk) - window + 1, window))


def _has_plain_name(file: LandedFile) -> bool:
    """Return whether DuckDB takes a path as it is: it is text, and not a pattern."""
    try:
        file.path.encode()
    except UnicodeEncodeError:
        return False
    return not any(sign in file.path for sign in _PATTERN_SIGNS)


def read_files(bench: Workbench, landing: Landing, surveyed: Iterable[ReadFile], future: str) -> Reading:
    """Judge every line of the files into ``judged``; a file that cannot be read leaves no trace there."""
    reading = Reading()
    for number, seen in enumerate(surveyed):
        seen.file_no = number
        (reading.broken if seen.error else reading.files).append(seen)
    clean = [seen for seen in reading.files if seen.is_clean]
    left = [seen for seen in reading.files if not seen.is_clean]
    _read_ourselves(bench, landing, [*left, *_read_with_duckdb(bench, clean, future)], future, reading)
    reading.broken += [seen for seen in reading.files if seen.error]
    reading.files = [seen for seen in reading.files if not seen.error]
    open_envelopes(bench, future)
    return reading


def _read_with_duckdb(bench: Workbench, files: list[ReadFile], future: str) -> list[ReadFile]:
    """Read local files at DuckDB's speed; return those that it refused or did not read line by line."""
    if not files:
        return []
    try:
        judge(bench, _lines_of(files), future)
    except (duckdb.InvalidInputException, duckdb.NotImplementedException, duckdb.IOException, *_NO_MEMORY):
        if len(files) == 1:
            return files
        # One of them is the cause: halve until it is alone.
        middle = len(files) // 2
        halves = files[:middle], files[middle:]
        return [seen for half in halves for seen in _read_with_duckdb(bench, half, future)]
    numbers = ", ".join(str(seen.file_no) for seen in files)
    found = bench.rows(f"""
        SELECT file_no, min(line_no) - 1, count(*), max(line_no) - min(line_no) + 1
        FROM judged WHERE file_no IN ({numbers}) GROUP BY file_no""")
    counted = {file_no: (before, count, span) for file_no, before, count, span in found}
    return [seen for seen in files if not _is_whole(bench, seen, *counted.get(seen.file_no, (0, 0, 0)))]


def _is_whole(bench: Workbench, seen: ReadFile, lines_before: int, count: int, span: int) -> bool:
    seen.lines_before = lines_before
    if count == span == seen.lines:
        return True
    _forget(bench, seen)
    return False


def _lines_of(files: list[ReadFile]) -> str:
    """Query the lines of files, numbered; each thread numbers the files of its share in one go."""
    shares = [files[start::THREADS] for start in range(min(THREADS, len(files)))]
    return " UNION ALL ".join(_lines_of_share(share) for share in shares)


def _lines_of_share(files: list[ReadFile]) -> str:
    paths = ", ".join(literal(seen.file.path) for seen in files)
    numbers = ", ".join(str(seen.file_no) for seen in files)
    return f"""
        SELECT [{numbers}][file_index::BIGINT + 1] AS file_no, row_number() OVER () AS line_no, 0 AS item_no,
            line, NULL::VARCHAR AS fault
        FROM read_csv([{paths}], {_READ_CSV})"""


def _read_ourselves(
    bench: Workbench, landing: Landing, files: list[ReadFile], future: str, reading: Reading
) -> None:
    """Read files one by one; the lines of small ones are judged together."""
    judge_of_lines = _LineJudge(bench, future, reading)
    for seen in files:
        seen.lines_before = 0
        try:
            for table in read_lines(_hashed_chunks(landing, seen)):
                judge_of_lines.add(seen, table)
        except duckdb.Error:
            raise
        except Exception as error:
            seen.error = cause_of(error)
            judge_of_lines.drop(seen)
    judge_of_lines.judge_waiting()


def _hashed_chunks(landing: Landing, seen: ReadFile) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in landing.chunks(seen.file, CHUNK):
        digest.update(chunk)
        yield chunk
    seen.checksum = digest.hexdigest()


class _LineJudge:
    """Judges lines once they are worth a query, and sets files aside whose lines do not fit into memory."""

    def __init__(self, bench: Workbench, future: str, reading: Reading) -> None:
        self._bench, self._future, self._reading = bench, future, reading
        self._waiting: list[tuple[ReadFile, pa.Table]] = []

    def add(self, seen: ReadFile, table: pa.Table) -> None:
        """Take lines of a file; of one that was set aside nothing is looked at."""
        if seen in self._reading.set_aside:
            return
        numbers = pa.repeat(pa.scalar(seen.file_no), len(table))
        self._waiting.append((seen, table.append_column("file_no", numbers)))
        if sum(one.nbytes for _, one in self._waiting) >= BYTES_AT_ONCE:
            self.judge_waiting()

    def drop(self, seen: ReadFile) -> None:
        """Forget the lines of a file."""
        self._waiting = [(file, table) for file, table in self._waiting if file is not seen]
        _forget(self._bench, seen)

    def judge_waiting(self) -> None:
        """Judge the lines that wait; where they do not fit together, file by file."""
        waiting, self._waiting = self._waiting, []
        try:
            self._judge([table for _, table in waiting])
        except _NO_MEMORY:
            for number in sorted({seen.file_no for seen, _ in waiting}):
                self._judge_alone([(seen, table) for seen, table in waiting if seen.file_no == number])

    def _judge_alone(self, waiting: list[tuple[ReadFile, pa.Table]]) -> None:
        seen = waiting[0][0]
        try:
            for _, table in waiting:
                self._judge([table])
        except _NO_MEMORY as error:
            self.drop(seen)
            self._reading.set_aside.append(seen)
            log.warning("%s does not fit into memory: %s", seen.file.url, cause_of(error))
            self._bench.run(
                "INSERT INTO judged BY NAME SELECT ? AS file_no, 0 AS line_no, 0 AS item_no,"
                " 'unreadable_file' AS reason, ? AS record",
                [seen.file_no, seen.file.url],
            )

    def _judge(self, tables: list[pa.Table]) -> None:
        if not tables:
            return
        arrived = pa.concat_tables(tables)
        lengths = pc.binary_length(arrived["line"])
        self._reading.large_bytes += pc.sum(
            pc.if_else(pc.greater(lengths, LARGEST_RECORD), lengths, 0)
        ).as_py()
        self._bench.connection.register("arrived", arrived)
        # As a whole, so that what failed leaves no trace where it is tried again.
        self._bench.run("BEGIN")
        try:
            judge(
                self._bench,
                "SELECT file_no, line_no, 0 AS item_no, line, fault FROM arrived",
                self._future,
                keeps_large=self._reading.large_bytes <= LARGE_REJECTS,
            )
            open_envelopes(self._bench, self._future)
        except BaseException:
            self._bench.run("ROLLBACK")
            raise
        finally:
            self._bench.connection.unregister("arrived")
        self._bench.run("COMMIT")


def _forget(bench: Workbench, seen: ReadFile) -> None:
    bench.run(f"DELETE FROM judged WHERE file_no = {seen.file_no}")
