"""Load packages afterwards: what a crash left half done is settled, what is long done is cleared away."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import dlt
import duckdb

from ingestion.report import TableCounts

KEPT_PACKAGES = 20
_LOADED_TABLES = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'raw' AND column_name = '_dlt_load_id' AND NOT starts_with(table_name, '_dlt')"""


def settle(warehouse: Path, load_ids: Sequence[str]) -> dict[str, TableCounts]:
    """Make finished packages exact, and return what they brought by raw table.

    A crash between the insertion of a file's rows and dlt's note of it inserts the rows again, as a whole;
    such copies are taken out.
    """
    counts: dict[str, TableCounts] = {}
    with duckdb.connect(str(warehouse)) as connection:
        tables = connection.execute(_LOADED_TABLES).fetchall()
        for (table,) in tables:
            connection.execute(
                f"""
                DELETE FROM raw.{table} WHERE _dlt_load_id IN (SELECT unnest(?)) AND rowid NOT IN (
                    SELECT min(rowid) FROM raw.{table} AS whole
                    WHERE _dlt_load_id IN (SELECT unnest(?)) GROUP BY whole)""",
                [list(load_ids), list(load_ids)],
            )
        found = connection.execute(
            """
            SELECT table_name, sum(records_read)::BIGINT, sum(records_loaded)::BIGINT,
                sum(records_duplicate)::BIGINT, sum(records_rejected)::BIGINT
            FROM raw.load_ledger WHERE _dlt_load_id IN (SELECT unnest(?)) GROUP BY table_name""",
            [list(load_ids)],
        )
        for table, *numbers in found.fetchall():
            counts[table] = TableCounts(*numbers)
    return counts


def forget_old_packages(pipeline: dlt.Pipeline) -> None:
    """Remove what dlt keeps of finished packages, but for the last ones: it is for looking up only."""
    for load_id in pipeline.list_completed_load_packages()[:-KEPT_PACKAGES]:
        shutil.rmtree(pipeline.get_load_package_info(load_id).package_path, ignore_errors=True)
