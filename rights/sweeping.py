"""Cleans all other files that may have traces of the person: logs, reports, records of tools, compiled SQL.

Traces are removed from texts in place, SQLite files are rewritten without free pages, and files that can be created
again are removed. Any other file with a trace is reported, and the erasure is not done.
"""

import gzip
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rights.stripping import ERASED, Traces, sql_pattern
from rights.zipped import is_zipped, unzipped
from storage.sessions import open_in_memory
from storage.sql import literal

_SQLITE, _PARQUET = b"SQLite format 3\0", b"PAR1"
# Up to so many ids are searched for one by one.
_FEW = 500
# Size of the blocks in which files are searched; they overlap by the longest trace.
_PIECE, _OVERLAP = 1 << 24, 1 << 12
# Characters of ids; a word is what stands between two other characters.
_WORD = re.compile(rb"[\w.@+:-]+")


@dataclass
class Sweep:
    """The result: cleaned files, and files that have a trace and cannot be rewritten."""

    rewritten: int = 0
    left: list[Path] = field(default_factory=list)


def sweep(roots: Iterable[Path], spared: Iterable[Path], traces: Traces, record_ids: Iterable[str]) -> Sweep:
    """Search every file below the roots except the spared ones, and remove the person."""
    found = Sweep()
    words = frozenset(each.encode() for each in record_ids if len(each) >= 6)
    for file in files_below(roots, spared):
        if not _is_found(file, traces, words):
            continue
        beginning = _beginning(file)
        if beginning.startswith(_SQLITE):
            _rewrite_sqlite(file, traces, words)
        elif beginning.startswith(_PARQUET):
            _rewrite_parquet(file, traces)
        elif not _rewrite_text(file, traces, words):
            found.left.append(file)
            continue
        found.rewritten += 1
    return found


def files_below(roots: Iterable[Path], spared: Iterable[Path]) -> Iterator[Path]:
    """List the roots that are files, and the files below the others, each once; links are not followed."""
    kept = {path.resolve() for path in spared}
    seen: set[Path] = set()
    for root in roots:
        walked = os.walk(root) if root.is_dir() else [(str(root.parent), [], [root.name])]
        for folder, names, files in walked:
            here = Path(folder).resolve()
            names[:] = [name for name in names if (here / name) not in kept]
            for name in sorted(files):
                file = here / name
                if file not in seen and file not in kept and not file.is_symlink():
                    seen.add(file)
                    yield file


def has_trace(content: bytes, traces: Traces, words: frozenset[bytes]) -> bool:
    """Whether the bytes, unzipped if needed, contain the person or the id of one of their records."""
    return traces.are_in(content) or any(_ids_in(content, words))


def _ids_in(content: bytes, words: frozenset[bytes]) -> Iterator[bytes]:
    if len(words) <= _FEW:
        # Searching for each id is a tenth of the work of comparing every word.
        words = frozenset(each for each in words if each in content)
    if words:
        for found in _WORD.finditer(content):
            word = found[0]
            for part in (word, *word.split(b":"), word.rstrip(b".:")):
                if part in words:
                    yield part


def _is_found(file: Path, traces: Traces, words: frozenset[bytes]) -> bool:
    """Whether a file has a trace.

    Ids of records are not searched for in Parquet: only published files have them, and those were just written without
    the person.
    """
    beginning = _beginning(file)
    if beginning.startswith(_PARQUET):
        return _has_parquet_trace(file, traces)
    if is_zipped(beginning):
        return has_trace(unzipped(file.read_bytes()), traces, words)
    return any(has_trace(piece, traces, words) for piece in _pieces(file))


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(len(_SQLITE))
    except FileNotFoundError:
        return b""


def _pieces(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as stream:
            before = b""
            while read := stream.read(_PIECE):
                yield before + read
                before = read[-_OVERLAP:]
    except FileNotFoundError:
        return


def _has_parquet_trace(file: Path, traces: Traces) -> bool:
    if not traces.written:
        return False
    with closing(open_in_memory()) as connection:
        found = connection.execute(f"SELECT 1 {_parquet_rows(file)} LIMIT 1", [sql_pattern(traces)])
        return found.fetchone() is not None


def _parquet_rows(file: Path, negated: str = "") -> str:
    words = f"SELECT *, lower(concat_ws(' ', *COLUMNS(*))) AS words_ FROM read_parquet({literal(file)})"
    return f"FROM ({words}) WHERE {negated} regexp_matches(words_, ?)"


def _rewrite_parquet(file: Path, traces: Traces) -> None:
    """Write the other rows of a Parquet file, such as members of an audience."""
    new = file.with_name(f".{file.name}.erasing")
    with closing(open_in_memory()) as connection:
        connection.execute(
            f"COPY (SELECT * EXCLUDE words_ {_parquet_rows(file, 'NOT')}) TO {literal(new)} (FORMAT parquet)",
            [sql_pattern(traces)],
        )
    new.chmod(file.stat().st_mode & 0o777)
    new.replace(file)


def _rewrite_text(file: Path, traces: Traces, words: frozenset[bytes]) -> bool:
    """Rewrite a text; return False for other files."""
    written = file.read_bytes()
    content = unzipped(written)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    clean = _without(content, traces, words)
    if file.suffix == ".csv":
        # A seed: a decision about an erased person has no effect.
        lines = content.splitlines(keepends=True)
        clean = b"".join(line for line in lines if not has_trace(line, traces, words))
    if is_zipped(written):
        clean = gzip.compress(clean, mtime=0)
    mode = file.stat().st_mode & 0o777
    new = file.with_name(f".{file.name}.erasing")
    new.write_bytes(clean)
    new.chmod(mode)
    new.replace(file)
    return True


def _without(content: bytes, traces: Traces, words: frozenset[bytes]) -> bytes:
    clean = traces.pattern.sub(ERASED.encode(), content)
    for word in sorted(set(_ids_in(clean, words)), key=len, reverse=True):
        clean = clean.replace(word, ERASED.encode())
    return clean


def _rewrite_sqlite(file: Path, traces: Traces, words: frozenset[bytes]) -> None:
    """Remove the person from every text and blob of a SQLite file, then rewrite it without free pages."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("BEGIN IMMEDIATE")
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")').fetchall()]
            for column in columns:
                _rewrite_column(database, table, column, traces, words)
        database.execute("COMMIT")
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rewrite_column(
    database: sqlite3.Connection, table: str, column: str, traces: Traces, words: frozenset[bytes]
) -> None:
    rows = database.execute(
        f'SELECT rowid, "{column}" FROM "{table}" WHERE typeof("{column}") IN (\'text\', \'blob\')'
    ).fetchall()
    for row_no, value in rows:
        content = value.encode() if isinstance(value, str) else value
        if has_trace(content, traces, words):
            clean = _without(content, traces, words)
            database.execute(
                f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?',
                [clean.decode() if isinstance(value, str) else clean, row_no],
            )
