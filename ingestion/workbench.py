"""A DuckDB session of our own, where arriving records are judged and compared before dlt loads them.

It is never the warehouse: that is attached for single questions, read-only, so that nothing holds it open
while dlt writes. What does not fit into the memory limit goes to the session's temporary folder.
"""

import fcntl
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from ingestion.texts_as_numbers import add_functions
from ingestion.warehouse import MEMORY_LIMIT

# A row group is written when it is whole, and rejects may be a megabyte each.
ROW_GROUP_BYTES = 128 * 1024**2
log = logging.getLogger(__name__)


def quoted(text: str | Path) -> str:
    """Write ``text`` as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def slices(table: pa.Table, most_bytes: int) -> Iterator[pa.Table]:
    """Cut a table into pieces of equal length that weigh, if its rows weigh the same, no more than so many bytes."""
    rows = max(1, table.num_rows * most_bytes // max(1, table.nbytes))
    yield from (table.slice(start, rows) for start in range(0, table.num_rows, rows))


class Workbench:
    """A session and its folder; both are gone when the context ends."""

    def __init__(self, folder: Path, warehouse: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._lock = _locked_folder(folder)
        self.warehouse = warehouse
        self.connection = duckdb.connect(
            config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(self.folder / "spill")}
        )
        self.connection.execute("SET TimeZone = 'UTC'")
        # Rows carry their line numbers; keeping their order as well would make one thread of two.
        self.connection.execute("SET preserve_insertion_order = false")
        add_functions(self.connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    def run(self, sql: str, parameters: object = None) -> None:
        """Execute a statement for its effect."""
        self.connection.execute(sql, parameters)

    def rows(self, sql: str, parameters: object = None) -> list[tuple[Any, ...]]:
        """Return what a query gives."""
        return self.connection.execute(sql, parameters).fetchall()

    def number(self, sql: str) -> int:
        """Return the one number that a query gives."""
        return int(self.rows(sql)[0][0])

    @contextmanager
    def with_warehouse(self) -> Iterator[None]:
        """Attach the warehouse as ``warehouse``, read-only, for the questions inside."""
        self.run(f"ATTACH {quoted(self.warehouse)} AS warehouse (READ_ONLY)")
        try:
            yield
        finally:
            self.run("DETACH warehouse")

    def copy_to_parquet(self, query: str, name: str) -> tuple[Path, int]:
        """Write a query's rows to a Parquet file in the session's folder; return it and its row count."""
        path = self.folder / f"{name}.parquet"
        form = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE_BYTES {ROW_GROUP_BYTES}"
        count = self.number(f"COPY ({query}) TO {quoted(path)} ({form})")
        return path, count


def _locked_folder(parent: Path) -> tuple[Path, int]:
    """Make a folder that is locked from the moment it bears its name until its process ends, however it ends."""
    unnamed = Path(mkdtemp(prefix="new-", dir=parent))
    lock = os.open(unnamed, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return unnamed.rename(parent / unnamed.name.replace("new-", "work-", 1)), lock


def clear_abandoned(parent: Path) -> None:
    """Remove what killed runs left: it may be gigabytes, and the disk may be full of it."""
    for left in parent.glob("work-*"):
        lock = os.open(left, os.O_RDONLY)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            log.info("%s is in use by another run", left)
        finally:
            os.close(lock)
