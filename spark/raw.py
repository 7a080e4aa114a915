"""`python -m spark.raw`: the raw tables of a DuckDB warehouse as Parquet, and as tables of Spark over these files."""

import os
from pathlib import Path

import duckdb
from pyspark.sql import SparkSession

from spark.session import folder_of, open_session
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_in_memory
from storage.sql import literal


def export_raw(warehouse: Path, folder: Path) -> list[str]:
    """Write each raw table into a folder of its own; returns their names. JSON is written as text."""
    with open_in_memory(MEMORY_OF_WHOLE_TABLES, warehouse=warehouse) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'raw'"
            " order by table_name"
        ).fetchall()
        for (table,) in tables:
            (folder / table).mkdir(parents=True, exist_ok=True)
            connection.execute(
                f"copy (select {_columns(connection, table)} from warehouse.raw.{table})"
                f" to {literal(folder / table / 'rows.parquet')} (format parquet)"
            )
    return [table for (table,) in tables]


def _columns(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    found = connection.execute(f"describe warehouse.raw.{table}").fetchall()
    return ", ".join(
        f'"{name}"::varchar as "{name}"' if kind == "JSON" else f'"{name}"' for name, kind, *_ in found
    )


def register_raw(session: SparkSession, folder: Path) -> None:
    """Make tables of Spark over folders of Parquet, named after them."""
    session.sql("create schema if not exists raw")
    for table in sorted(path for path in folder.iterdir() if path.is_dir()):
        session.sql(f"drop table if exists raw.{table.name}")
        session.sql(f"create table raw.{table.name} using parquet location '{table.as_uri()}'")


if __name__ == "__main__":
    lake = folder_of() / "raw"
    export_raw(Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb").absolute(), lake)
    register_raw(open_session(), lake)
