"""`python -m spark.compare`: every mart that Spark has built, row by row with the same mart of the DuckDB warehouse.

Doubles agree to 9 significant digits, anything else exactly. What may differ stands in `differences.yml`, with reasons.
"""

import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import yaml

from spark.settings import folder_of, tables_of
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_in_memory
from storage.sql import literal

EXPECTED = Path(__file__).with_name("differences.yml")
LAYERS = ("seeds", "staging", "intermediate", "marts")
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Comparison:
    """How a table of both engines compares: rows of each, and how many differ, in all and by column."""

    table: str
    rows: int
    spark_rows: int
    different: Mapping[str, int]

    @property
    def is_same(self) -> bool:
        """Whether both engines say the same."""
        return self.rows == self.spark_rows and not self.different

    def __str__(self) -> str:
        if self.is_same:
            return f"{self.table}: {self.rows:,} rows, all the same"
        columns = ", ".join(f"{column} in {rows:,}" for column, rows in self.different.items())
        return (
            f"{self.table}: {self.rows:,} rows, {self.spark_rows:,} on Spark; {columns or 'no column'} differ"
        )


def compare(
    connection: duckdb.DuckDBPyConnection, table: str, of_spark: str, ignored: frozenset[str] = frozenset()
) -> Comparison:
    """Compare a table of the attached `warehouse` with Spark's, which ``of_spark`` names in SQL."""
    columns = {
        name: kind
        for name, kind, *_ in connection.execute(f"describe warehouse.{table}").fetchall()
        if name not in ignored
    }
    # Rows are paired in the order of what is exact; doubles break ties only.
    by_exactness = sorted(columns, key=lambda name: columns[name] in ("DOUBLE", "FLOAT"))
    order = ", ".join(f'"{name}"' for name in by_exactness)
    casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
    for side, source in (("ours", f"warehouse.{table}"), ("theirs", of_spark)):
        connection.execute(
            f"create or replace temp table {side} as select *, row_number() over (order by {order}) as row_of_order"
            f" from (select {casts} from {source})"
        )
    differs = {name: _differs(name, kind) for name, kind in columns.items()}
    counts = ", ".join(f"count(*) filter ({condition})" for condition in differs.values())
    found = connection.execute(f"select {counts} from ours inner join theirs using (row_of_order)").fetchone()
    assert found is not None
    ours, theirs = (_count(connection, side) for side in ("ours", "theirs"))
    return Comparison(
        table, ours, theirs, {name: rows for name, rows in zip(differs, found, strict=True) if rows}
    )


def _differs(name: str, kind: str) -> str:
    ours, theirs = f'ours."{name}"', f'theirs."{name}"'
    if kind not in ("DOUBLE", "FLOAT"):
        return f"{ours} is distinct from {theirs}"
    return (
        f"(({ours} is null) <> ({theirs} is null)"
        f" or abs({ours} - {theirs}) > {_TOLERANCE} * greatest(abs({ours}), abs({theirs})))"
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None
    return int(row[0])


def comparisons(
    warehouse: Path,
    spark_tables: Path,
    layers: tuple[str, ...],
    only_built: bool = False,
    views: Collection[str] = (),
) -> Iterator[Comparison]:
    """Compare every table of these layers but ``views``, which have no files, or those that Spark has built."""
    expected = yaml.safe_load(EXPECTED.read_text(encoding="utf-8")) or {}
    with open_in_memory(MEMORY_OF_WHOLE_TABLES, warehouse=warehouse) as connection:
        tables = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'warehouse'"
            " and schema_name in (select unnest(?)) order by list_position(?, schema_name), table_name",
            [list(layers), list(layers)],
        ).fetchall()
        for schema, name in tables:
            table, files = f"{schema}.{name}", spark_tables / f"{schema}.db" / name
            if table in views:
                continue
            if any(files.rglob("*.parquet")):
                ignored = frozenset(expected.get(table, {}).get("columns", ()))
                yield compare(
                    connection, table, f"read_parquet({literal(files / '**' / '*.parquet')})", ignored
                )
            elif files.is_dir() or not only_built:
                # Spark writes no file for a table without rows.
                missing = {} if files.is_dir() else {"(all: Spark has no such table)": 0}
                yield Comparison(table, _count(connection, f"warehouse.{table}"), 0, missing)


def views_of(manifest: Path) -> set[str]:
    """Return the models that are views, from dbt's manifest of a build."""
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    return {f"{node['schema']}.{node['name']}" for node in nodes if node["config"]["materialized"] == "view"}


def main(layers: tuple[str, ...], only_built: bool = False) -> int:
    """Print how each table compares; 1 if any differs."""
    warehouse = Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb").absolute()
    views = views_of(folder_of() / "target" / "manifest.json")
    found = list(comparisons(warehouse, tables_of(), layers, only_built, views))
    for comparison in found:
        if not comparison.is_same:
            print(comparison)
    same = sum(comparison.is_same for comparison in found)
    print(f"{same} of {len(found)} tables of {', '.join(layers)} are the same on both engines.")
    return 0 if found and same == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or ("marts",)))
