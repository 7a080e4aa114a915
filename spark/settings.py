"""The settings of Spark: a company's own, and those under which models give the same numbers as on DuckDB."""

import os
from collections.abc import Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
# Where tables are read by other engines: timestamps as microseconds, not in Spark's own form of 96 bits.
PARQUET = {
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    # What DuckDB writes without a zone is UTC, as everything is.
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
}
SAME_NUMBERS = {
    "spark.sql.session.timeZone": "UTC",
    # dbt-spark sets it to false whatever else is said: a session must not begin with another.
    "spark.sql.ansi.enabled": "false",
    # A decimal that does not fit loses no digits in silence: it is null, and the tests of marts find it.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
}


def settings_of(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the session's settings. `SPARK_CONF` has any others of Spark's, as name=value;name=value."""
    folder = folder_of(environment)
    return {
        "spark.master": environment.get("SPARK_MASTER") or "local[*]",
        "spark.app.name": "throughline",
        "spark.driver.memory": environment.get("SPARK_MEMORY") or "3g",
        "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dderby.system.home={folder}",
        "spark.executor.extraJavaOptions": "-Duser.timezone=UTC",
        # Workers run Python models, which import packages of this project.
        "spark.executorEnv.PYTHONPATH": str(PROJECT),
        "spark.sql.warehouse.dir": environment.get("SPARK_WAREHOUSE") or str(folder / "warehouse"),
        # The catalog of tables: a Derby database here, a Hive metastore or Glue where a company has one.
        "spark.sql.catalogImplementation": "hive",
        "spark.sql.shuffle.partitions": environment.get("SPARK_PARTITIONS") or "8",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        **dict(each.split("=", 1) for each in (environment.get("SPARK_CONF") or "").split(";") if each),
        **PARQUET,
        **SAME_NUMBERS,
    }


def folder_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the catalog of tables is and, unless `SPARK_WAREHOUSE` says otherwise, the tables."""
    return Path(environment.get("SPARK_FOLDER") or "data/spark").absolute()


def tables_of(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of Spark's tables, where it is one of this machine."""
    return Path(environment.get("SPARK_WAREHOUSE") or folder_of(environment) / "warehouse")
