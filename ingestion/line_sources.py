"""Where lines come from: DuckDB's reader for clean local files, our own for all others.

survey: checksum, line ends ─ clean? ─ read_csv, a line a row ─┐
                              └ no, or DuckDB refuses ─ line_reader ─┴─ judge
"""

import hashlib
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from ingestion.errors import cause_of
from ingestion.judge import judge, open_envelopes
from ingestion.landing import LandedFile, Landing
from ingestion.line_reader import CHUNK, GZIP_MAGIC, read_lines
from ingestion.workbench import Workbench, quoted

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
            digest.update(chunk)
            seen.lines += chunk.count(b"\n")
            last, begun = chunk[-1:], True
    except Exception as error:
        seen.error = cause_of(error)
    seen.lines += last != b"\n"
    seen.checksum, seen.is_clean = digest.hexdigest(), clean
    return seen


def _has_plain_name(file: LandedFile) -> bool:
    """Tell that DuckDB takes a path as it is: for no pattern, and for text."""
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
    _read_ourselves(bench, landing, [*left, *_read_with_duckdb(bench, clean, future)], future)
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
    except (duckdb.InvalidInputException, duckdb.NotImplementedException, duckdb.IOException):
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
    paths = ", ".join(quoted(seen.file.path) for seen in files)
    numbers = ", ".join(str(seen.file_no) for seen in files)
    return f"""
        SELECT [{numbers}][file_index::BIGINT + 1] AS file_no, row_number() OVER () AS line_no, 0 AS item_no,
            line, NULL::VARCHAR AS fault
        FROM read_csv([{paths}], {_READ_CSV})"""


def _read_ourselves(bench: Workbench, landing: Landing, files: list[ReadFile], future: str) -> None:
    """Read files one by one; the lines of small ones are judged together."""
    together: list[pa.Table] = []
    for seen in files:
        seen.lines_before = 0
        own: list[pa.Table] = []
        try:
            for table in read_lines(_hashed_chunks(landing, seen)):
                own.append(table.append_column("file_no", pa.repeat(pa.scalar(seen.file_no), len(table))))
                own = _judge_if_many(bench, own, future)
        except duckdb.Error:
            raise
        except Exception as error:
            seen.error = cause_of(error)
            _forget(bench, seen)
            continue
        together = _judge_if_many(bench, together + own, future)
    _judge_tables(bench, together, future)


def _hashed_chunks(landing: Landing, seen: ReadFile) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in landing.chunks(seen.file, CHUNK):
        digest.update(chunk)
        yield chunk
    seen.checksum = digest.hexdigest()


def _judge_if_many(bench: Workbench, tables: list[pa.Table], future: str) -> list[pa.Table]:
    """Judge lines once they are worth a query; return those that still wait."""
    if sum(table.nbytes for table in tables) < BYTES_AT_ONCE:
        return tables
    _judge_tables(bench, tables, future)
    return []


def _judge_tables(bench: Workbench, tables: list[pa.Table], future: str) -> None:
    if not tables:
        return
    bench.connection.register("arrived", pa.concat_tables(tables))
    judge(
        bench,
        "SELECT file_no, line_no, 0 AS item_no, line, fault FROM arrived",
        future,
    )
    bench.connection.unregister("arrived")


def _forget(bench: Workbench, seen: ReadFile) -> None:
    bench.run(f"DELETE FROM judged WHERE file_no = {seen.file_no}")
