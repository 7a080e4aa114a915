"""dbt for a refresh with DBT_ENGINE=spark: raw tables to Spark, a command of dbt there, and its marts to the warehouse.

Dagster starts it as it starts dbt, in the project's folder; `DBT_PROJECT_DIR` and `DBT_TARGET_PATH` say which.
"""

import os
import sys
from pathlib import Path

from ingestion.settings import warehouse_path
from spark.__main__ import run_dbt
from spark.collect import collect
from spark.raw import register_raw
from spark.session import open_session
from spark.settings import PROJECT, tables_of


def main(arguments: list[str]) -> int:
    """Run dbt; 1 if anything that it did failed, with the marts of the warehouse as they were."""
    # Relative paths in settings start at the project's root.
    os.chdir(PROJECT)
    register_raw(open_session())
    if not run_dbt(arguments):
        return 1
    collect(tables_of(), Path(os.environ["DBT_TARGET_PATH"]) / "manifest.json", warehouse_path())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
