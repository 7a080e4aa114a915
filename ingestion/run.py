"""One run of one source: its clock, its warehouse, and the DuckDB session in which it works."""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Any, Self

import duckdb
from duckdb.func import SPECIAL

from money.amounts import read_amount, read_number
from storage.locks import hold, locked
from storage.sessions import MEMORY_LIMIT, attach, open_in_memory
from storage.sql import literal

# A row group is written when it is whole, and rejects may be a megabyte each.
ROW_GROUP_BYTES = 128 * 1024**2
_NUMBER = "DECIMAL(18, 4)"
_NULLS = SPECIAL
log = logging.getLogger(__name__)


class Workbench:
    """A DuckDB session and its folder, where records are judged and compared before dlt loads them.

    It is never the warehouse: that is attached for single questions, read-only, so that nothing holds it open
    while dlt writes. What does not fit into the memory limit goes to the session's folder. Both are gone when the
    context ends.
    """

    def __init__(self, folder: Path, warehouse: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._lock = _locked_folder(folder)
        self.warehouse = warehouse
        self.connection = open_in_memory(MEMORY_LIMIT, spill=self.folder / "spill")
        # Rows carry their line numbers; keeping their order as well would make one thread of two.
        self.connection.execute("SET preserve_insertion_order = false")
        _add_functions(self.connection)

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
        attach(self.connection, self.warehouse, "warehouse")
        try:
            yield
        finally:
            self.run("DETACH warehouse")

    def copy_to_parquet(self, query: str, name: str) -> tuple[Path, int]:
        """Write a query's rows to a Parquet file in the session's folder; return it and its row count."""
        path = self.folder / f"{name}.parquet"
        form = f"FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE_BYTES {ROW_GROUP_BYTES}"
        count = self.number(f"COPY ({query}) TO {literal(path)} ({form})")
        return path, count


def _locked_folder(parent: Path) -> tuple[Path, int]:
    """Make a folder that is locked from the moment it has its name until its process ends, however it ends."""
    unnamed = Path(mkdtemp(prefix="new-", dir=parent))
    lock = hold(unnamed)
    return unnamed.rename(parent / unnamed.name.replace("new-", "work-", 1)), lock


def clear_abandoned(parent: Path) -> None:
    """Remove what killed runs left: it may be gigabytes, and the disk may be full of it."""
    for left in parent.glob("work-*"):
        with locked(left) as is_abandoned:
            if is_abandoned:
                shutil.rmtree(left, ignore_errors=True)
            else:
                log.info("%s is in use by another run", left)


@dataclass(frozen=True)
class Run:
    """What a source needs to know of the run it is part of."""

    source: str
    run_at: datetime
    warehouse: Path
    # What the report should say besides its numbers, in sentences.
    notes: list[str] = field(default_factory=list)

    @property
    def pipelines(self) -> Path:
        """Where dlt keeps its working folders: beside the warehouse, so that no two warehouses share any."""
        return self.warehouse.parent / ".dlt_pipelines" / self.warehouse.name

    def workbench(self) -> Workbench:
        """Open a session whose files lie on the warehouse's disk, where dlt can link them."""
        return Workbench(self.benches, self.warehouse)

    @property
    def benches(self) -> Path:
        """Where the sessions' folders are, those that a killed run left behind among them."""
        return self.pipelines / "work"

    @property
    def clock(self) -> str:
        """The run's clock, as SQL."""
        return f"TIMESTAMP WITH TIME ZONE '{self.run_at.isoformat()}'"


def _add_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Add SQL functions for texts that are no plain numbers, for which Python takes ten times the engine's time.

    ``amount_in(text, currency)``, ``currency_in(text)`` and ``number_in(text)``: null for what has no meaning.

    A currency that the record does not state is a blank text.
    """
    # With the default handling of nulls, a function may not return one.
    connection.create_function("amount_in", _amount, ["VARCHAR", "VARCHAR"], _NUMBER, null_handling=_NULLS)
    connection.create_function("currency_in", _currency, ["VARCHAR"], "VARCHAR", null_handling=_NULLS)
    connection.create_function("number_in", _number, ["VARCHAR"], _NUMBER, null_handling=_NULLS)


def _amount(text: str | None, currency: str) -> Decimal | None:
    """Return the amount; None, too, if the text names another currency than the record."""
    read = read_amount(text, currency.strip().upper() or None) if text else None
    return None if read is None or read.is_in_other_currency else read.value


def _currency(text: str | None) -> str | None:
    read = read_amount(text) if text else None
    return read.currency if read else None


def _number(text: str | None) -> Decimal | None:
    return read_number(text) if text else None
