"""The load ledger: every record that arrived is loaded, a duplicate or rejected, per file, table or page."""

from dataclasses import dataclass
from datetime import datetime

from ingestion.report import TableCounts
from ingestion.run import Run
from ingestion.warehouse import opened
from ingestion.workbench import Workbench, quoted


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
    with opened(run.warehouse) as connection:
        return {url: Known(*found) for url, found in connection.execute(question, [run.source]).fetchall()}


def ledger_query(run: Run, counted: str) -> str:
    """Complete a query for object, table_name, read, loaded, rejected, bytes, checksum and modified_at."""
    return f"""
        SELECT {quoted(run.source)} AS source, object, table_name, records_read, records_loaded,
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
