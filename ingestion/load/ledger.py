"""The load ledger and the reports: each record of a file, table or page is loaded, a duplicate or rejected."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from ingestion.run import Run, Workbench
from storage.sessions import open_file
from storage.sql import literal

Status = Literal["loaded", "not_configured", "failed"]


@dataclass(frozen=True)
class TableCounts:
    """Records of one raw table; ``read == loaded + duplicate + rejected``."""

    read: int = 0
    loaded: int = 0
    duplicate: int = 0
    rejected: int = 0

    def __add__(self, other: "TableCounts") -> "TableCounts":
        return TableCounts(
            self.read + other.read,
            self.loaded + other.loaded,
            self.duplicate + other.duplicate,
            self.rejected + other.rejected,
        )


@dataclass(frozen=True)
class LoadReport:
    """The outcome of ``load``; ``seconds`` is wall time, ``message`` says what the numbers do not."""

    source: str
    status: Status
    message: str
    tables: dict[str, TableCounts] = field(default_factory=dict)
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"{self.source}: {self.status.replace('_', ' ')} in {self.seconds:.1f} s. {self.message}"]
        for table, counts in self.tables.items():
            lines.append(
                f"  {table:<30} read {counts.read:>9,}  loaded {counts.loaded:>9,}"
                f"  duplicate {counts.duplicate:>9,}  rejected {counts.rejected:>7,}"
            )
        return "\n".join(lines)


@dataclass(frozen=True)
class Known:
    """What the ledger says of a file that was read before."""

    size: int
    modified_at: datetime
    checksum: str


def known_files(run: Run) -> dict[str, Known]:
    """Return, by address, the files of this source that the warehouse has read, as they were then."""
    question = """
        SELECT object, arg_max((bytes, modified_at, checksum), _dlt_load_id)
        FROM raw.load_ledger WHERE source = ? AND modified_at IS NOT NULL GROUP BY object"""
    with open_file(run.warehouse) as connection:
        return {url: Known(*found) for url, found in connection.execute(question, [run.source]).fetchall()}


def ledger_query(run: Run, counted: str) -> str:
    """Complete a query for object, table_name, read, loaded, rejected, bytes, checksum and modified_at."""
    return f"""
        SELECT {literal(run.source)} AS source, object, table_name, records_read, records_loaded,
            records_read - records_loaded - records_rejected AS records_duplicate, records_rejected,
            bytes, checksum, modified_at, {run.clock} AS loaded_at
        FROM ({counted})"""


def counts_of(bench: Workbench, query: str) -> dict[str, TableCounts]:
    """Add up ledger rows by raw table."""
    found = bench.rows(f"""
        SELECT table_name, sum(records_read)::BIGINT, sum(records_loaded)::BIGINT,
            sum(records_duplicate)::BIGINT, sum(records_rejected)::BIGINT
        FROM ({query}) GROUP BY table_name ORDER BY table_name""")
    return {table: TableCounts(*numbers) for table, *numbers in found}
