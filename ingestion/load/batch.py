"""Sources and their batches: rows for raw tables, with ledger and rejects, that one dlt load package brings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import dlt
from dlt.common.schema.typing import TDeleteInsertStrategyDict
from dlt.extract import DltResource, DltSource

from ingestion.load.ledger import TableCounts
from ingestion.run import Run, Workbench
from ingestion.tables import ACCOUNTS, LOAD_ID, RawTable
from storage.sql import literal

MERGE: TDeleteInsertStrategyDict = {"disposition": "merge", "strategy": "delete-insert"}


@dataclass(frozen=True)
class Batch:
    """Rows that are ready to load.

    ``queries`` gives, by raw table, the SELECT of its columns in the workbench (without the load id).
    Tables in ``merged`` replace rows of the same key, the others are appended. ``counts`` is for the report.
    """

    bench: Workbench
    queries: Mapping[str, str]
    merged: frozenset[str] = frozenset()
    counts: Mapping[str, TableCounts] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A source: its raw tables, and a function that yields what is new, a load package at a time.

    ``check_configured`` raises NotConfiguredError if there is neither a setting nor what its default names.
    """

    name: str
    tables: tuple[RawTable, ...]
    check_configured: Callable[[], None]
    batches: Callable[[Run], Iterator[Batch]]


def dlt_source(source: Source, batch: Batch) -> DltSource:
    """Return the raw tables of a source as dlt's resources, with the rows of ``batch``."""

    def resources() -> list[DltResource]:
        return [_resource_of(table, batch) for table in (*source.tables, *ACCOUNTS)]

    return dlt.source(resources, name=source.name)()


def _resource_of(table: RawTable, batch: Batch) -> DltResource:
    def rows() -> Iterator[Any]:
        if table.name in batch.queries:
            yield from _parquet(table, batch, dlt.current.load_package_state()["load_id"])

    resource: DltResource = dlt.resource(
        rows, name=table.name, columns=table.for_dlt, write_disposition="append", file_format="parquet"
    )
    if table.name in batch.merged:
        resource.apply_hints(write_disposition=MERGE, primary_key=list(table.key))
    return resource


def _parquet(table: RawTable, batch: Batch, load_id: str) -> Iterator[Any]:
    """Hand the rows to dlt as a Parquet file in exactly the form it wants, so that it only links it."""
    listed = ", ".join(column.for_parquet for column in table.columns)
    query = f"SELECT {listed}, {literal(load_id)} AS {LOAD_ID} FROM ({batch.queries[table.name]})"
    path, count = batch.bench.copy_to_parquet(query, table.name)
    if count:
        yield dlt.mark.with_file_import(str(path), "parquet", count)
