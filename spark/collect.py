"""`python -m spark.collect`: the marts that Spark has built, as a DuckDB file that can be published.

DuckDB reads Spark's Parquet files. Types are those of the marts' contracts, which Parquet has but for whole numbers and
time zones. Masking, audit and versions are publishing's, as ever.
"""

import json
import os
from pathlib import Path
from typing import Any

import duckdb

from spark.session import folder_of
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_file
from storage.sql import literal


def collect(spark_tables: Path, manifest: Path, warehouse: Path) -> dict[str, int]:
    """Write schema `marts` of a new DuckDB file; returns rows by mart. The file takes the place of an older one."""
    new = warehouse.with_name(f"{warehouse.name}.new")
    new.unlink(missing_ok=True)
    with open_file(new, memory_limit=MEMORY_OF_WHOLE_TABLES) as connection:
        connection.execute("create schema marts")
        rows = {
            node["name"]: _collect(connection, node, spark_tables / "marts.db" / node["name"])
            for node in json.loads(manifest.read_bytes())["nodes"].values()
            if node["resource_type"] == "model" and node["schema"] == "marts"
        }
    new.replace(warehouse)
    return rows


def _collect(connection: duckdb.DuckDBPyConnection, mart: dict[str, Any], files: Path) -> int:
    columns = {name: column["data_type"] for name, column in mart["columns"].items()}
    described = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create table marts.{mart['name']} ({described})")
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
    place = Path(os.environ.get("SPARK_WAREHOUSE") or folder_of() / "warehouse")
    target = Path(os.environ.get("WAREHOUSE_PATH") or folder_of() / "marts_of_spark.duckdb")
    for name, count in collect(place, folder_of() / "target" / "manifest.json", target).items():
        print(f"  {name:40}{count:>12,}")
