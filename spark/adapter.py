"""What dbt-spark lacks to run this project: Python models in the session, and seeds as they are written.

dbt-spark runs Python models on Databricks only, and gives seeds to Spark as agate guessed them: the word null as a
missing value, an empty cell as the text None.
"""

from typing import Any

import dbt.adapters.spark as dbt_spark
import duckdb
from dbt.adapters.base.impl import PythonJobHelper
from dbt.adapters.base.meta import available
from dbt.adapters.spark.impl import SparkAdapter as DbtSparkAdapter
from pyspark.sql import SparkSession

from spark.python_models import run_model


class InSession(PythonJobHelper):
    """Runs a Python model in this process, on the session that the SQL models use."""

    def __init__(self, parsed_model: dict[str, Any], credential: Any) -> None:
        self.name = parsed_model["name"]
        self.row_by_row = parsed_model["config"]["meta"].get("row_by_row")

    def submit(self, compiled_code: str) -> None:
        """Run the model and write its rows where dbt's compiled code says."""
        run_model(SparkSession.active(), self.name, compiled_code, self.row_by_row)


class SparkAdapter(DbtSparkAdapter):  # type: ignore[misc]  # dbt-spark has no types
    """dbt-spark's adapter with both; dbt finds its parts by the name of the class."""

    @property
    def default_python_submission_method(self) -> str:
        """The one way to run Python models here."""
        return "session"

    @property
    def python_submission_helpers(self) -> dict[str, type[PythonJobHelper]]:
        """Ways to run Python models."""
        return {"session": InSession}

    @available.parse(lambda *_, **__: [])
    def seed_cells(self, path: str, delimiter: str) -> list[list[str]]:
        """Return the rows of a seed's file as literals of Spark, read as DuckDB reads them."""
        rows = duckdb.read_csv(path, header=True, all_varchar=True, sep=delimiter).fetchall()
        return [[_literal(cell) for cell in row] for row in rows]


def _literal(cell: str | None) -> str:
    if cell is None:
        return "null"
    return "'" + cell.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def install() -> None:
    """Have dbt use this adapter in this process for profiles of type spark."""
    dbt_spark.Plugin.adapter = SparkAdapter
