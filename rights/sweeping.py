"""Everything else in which something of the person may be: logs, reports, records of tools, compiled SQL.

Texts lose the person's words in place, SQLite files are rewritten without free pages, and what can be made again is
removed. What is none of these and has a trace of the person is named, and the erasure is not done.
"""

import gzip
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from rights.stripping import Traces
from rights.zipped import is_zipped, unzipped

ERASED = "erased"
_SQLITE = b"SQLite format 3\0"
# Signs of which ids are made; what stands between two others is a word.
_WORD = re.compile(rb"[\w.@+:-]+")


@dataclass
class Sweep:
    """What was found where: files that lost words, and files that have a trace and cannot be rewritten."""

    rewritten: int = 0
    left: list[Path] = field(default_factory=list)


def sweep(roots: Iterable[Path], spared: Iterable[Path], traces: Traces, record_ids: Iterable[str]) -> Sweep:
    """Look through every file below the roots but for the spared ones, and take out the person."""
    found = Sweep()
    words = frozenset(each.encode() for each in record_ids if len(each) >= 6)
    for file in files_below(roots, spared):
        content = _content(file)
        if content is None or not has_trace(content, traces, words):
            continue
        if content.startswith(_SQLITE):
            _rewrite_sqlite(file, traces, words)
        elif not _rewrite_text(file, content, traces, words):
            found.left.append(file)
            continue
        found.rewritten += 1
    return found


def files_below(roots: Iterable[Path], spared: Iterable[Path]) -> Iterator[Path]:
    """List the files below the roots, each once; links are not followed."""
    kept = {path.resolve() for path in spared}
    seen: set[Path] = set()
    for root in roots:
        for folder, names, files in os.walk(root):
            here = Path(folder).resolve()
            names[:] = [name for name in names if (here / name) not in kept]
            for name in sorted(files):
                file = here / name
                if file not in seen and file not in kept and not file.is_symlink():
                    seen.add(file)
                    yield file


def has_trace(content: bytes, traces: Traces, words: frozenset[bytes]) -> bool:
    """Whether the person, or the id of one of their records, is in the bytes; those of a gzipped file unzipped."""
    return traces.pattern.search(content) is not None or any(_ids_in(content, words))


def _ids_in(content: bytes, words: frozenset[bytes]) -> Iterator[bytes]:
    if words:
        for word in _WORD.findall(content):
            for part in (word, *word.split(b":"), word.rstrip(b".:")):
                if part in words:
                    yield part


def _content(file: Path) -> bytes | None:
    try:
        return unzipped(file.read_bytes())
    except FileNotFoundError:
        return None


def _rewrite_text(file: Path, content: bytes, traces: Traces, words: frozenset[bytes]) -> bool:
    """Rewrite a text; False for a file that is none."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    clean = _without(content, traces, words)
    if file.suffix == ".csv":
        # A seed: a decision about somebody erased decides nothing.
        lines = content.splitlines(keepends=True)
        clean = b"".join(line for line in lines if not has_trace(line, traces, words))
    if is_zipped(file.read_bytes()):
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
    """Take the person out of every text and blob of a SQLite file, then write it without free pages."""
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
