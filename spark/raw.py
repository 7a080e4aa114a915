"""`python -m spark.raw`: the raw tables as tables of Spark, over the lake that ingestion writes.

Without a lake (LAKE_URL), the raw tables of the DuckDB warehouse are written to one in SPARK_FOLDER.
"""

from pathlib import Path

from pyspark.sql import SparkSession

from ingestion.lake import SHAPE, Lake, lake_url, write_lake
from ingestion.settings import warehouse_path
from spark.session import open_session
from spark.settings import folder_of


def register_raw(session: SparkSession) -> None:
    """Make tables of Spark over the folders of the lake, named after them."""
    url = lake_url()
    if not url:
        url = str(folder_of() / "raw")
        write_lake(warehouse_path().absolute(), url)
    lake = Lake.at(url)
    session.sql("create schema if not exists raw")
    # dlt's own tables, which no model reads, have names that Spark passes over.
    for table in sorted(name for name in lake.names("") if not name.startswith("_")):
        (shape,) = (name for name in lake.names(table) if name.startswith(f"{SHAPE}-"))
        columns = session.read.parquet(lake.address(table, shape)).schema.toDDL()
        session.sql(f"drop table if exists raw.{table}")
        session.sql(f"create table raw.{table} ({columns}) using parquet location '{_location(lake, table)}'")


def _location(lake: Lake, table: str) -> str:
    return Path(lake.root, table).as_uri() if lake.is_local else lake.address(table, "")


if __name__ == "__main__":
    register_raw(open_session())
