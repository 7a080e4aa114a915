"""`python -m spark.collect`: the marts that Spark has built, as the marts of the warehouse, for checks and publishing.

DuckDB reads Spark's Parquet files. Types are those of the marts' contracts, which Parquet has but for whole numbers and
time zones. Checks, masking, audit and versions are then those of marts that DuckDB has built.
"""

import json
import os
from pathlib import Path
from typing import Any

import duckdb

from spark.settings import folder_of, tables_of
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_file
from storage.sql import literal


def collect(spark_tables: Path, manifest: Path, warehouse: Path) -> dict[str, int]:
    """Replace the marts of a DuckDB warehouse that Spark has, all in one step; returns rows by mart.

    Slices are of tables that DuckDB built, so their notes go: DuckDB's next build is a whole one.
    """
    marts = [
        node
        for node in json.loads(manifest.read_bytes())["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    ]
    files = {mart["name"]: spark_tables / "marts.db" / mart["name"] for mart in marts}
    with open_file(warehouse, memory_limit=MEMORY_OF_WHOLE_TABLES) as connection:
        connection.begin()
        connection.execute("drop schema if exists slices cascade")
        connection.execute("create schema if not exists marts")
        rows = {
            mart["name"]: _collect(connection, mart, files[mart["name"]])
            for mart in marts
            if files[mart["name"]].is_dir()
        }
        connection.commit()
    return rows


def _collect(connection: duckdb.DuckDBPyConnection, mart: dict[str, Any], files: Path) -> int:
    columns = {name: column["data_type"] for name, column in mart["columns"].items()}
    described = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create or replace table marts.{mart['name']} ({described})")
    # Spark writes no file for a table without rows.
    if any(files.rglob("*.parquet")):
        casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
        connection.execute(
            f"insert into marts.{mart['name']} by name"
            f" select {casts} from read_parquet({literal(files / '**' / '*.parquet')})"
        )
    row = connection.execute(f"select count(*) from marts.{mart['name']}").fetchone()
    assert row is not None
    return int(row[0])


if __name__ == "__main__":
    target = Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb")
    for name, count in collect(tables_of(), folder_of() / "target" / "manifest.json", target).items():
        print(f"  {name:40}{count:>12,}")
