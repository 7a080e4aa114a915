"""DuckDB's relations, for which Python models are written, over a data frame of Spark."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Relation:
    """The part of DuckDB's relations that models use, over a data frame of Spark."""

    rows: DataFrame

    def filter(self, condition: str) -> "Relation":
        """Rows that meet a condition in SQL."""
        return replace(self, rows=self.rows.filter(condition))

    def project(self, columns: str) -> "Relation":
        """Columns as a select list in SQL."""
        return replace(self, rows=self._select(columns))

    def distinct(self) -> "Relation":
        """Each row once."""
        return replace(self, rows=self.rows.distinct())

    def order(self, by: str) -> "Relation":
        """Rows in order; missing values come last, as on DuckDB."""
        return replace(self, rows=self._query("select * from {rows} order by " + nulls_last(by)))

    def limit(self, count: int) -> "Relation":
        """The first rows."""
        return replace(self, rows=self.rows.limit(count))

    def join(self, other: "Relation", on: str) -> "Relation":
        """Inner join by a column of both."""
        return replace(self, rows=self.rows.join(other.rows, on))

    def df(self) -> pd.DataFrame:
        """All rows, on the driver."""
        return self.to_arrow_table().to_pandas()

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows as tuples, on the driver."""
        return [tuple(row) for row in self.rows.collect()]

    def to_arrow_table(self) -> pa.Table:
        """All rows, on the driver."""
        return self.rows.toArrow()

    def _select(self, columns: str) -> DataFrame:
        return self._query(f"select {columns} from {{rows}}")

    def _query(self, statement: str) -> DataFrame:
        return self.rows.sparkSession.sql(statement, rows=self.rows)


def nulls_last(by: str) -> str:
    """Return the keys of an order, each with missing values last."""
    return ", ".join(f"{key.strip()} nulls last" for key in by.split(","))


def run(name: str, code: str, read: Callable[[str], Any], session: Any = None) -> Any:
    """Run a model's compiled code, which reads tables with `read`; returns what the model returns."""
    program: dict[str, Any] = {"__name__": name}
    exec(compile(code, name, "exec"), program)
    return program["model"](program["dbtObj"](read), session)


def as_arrow(rows: Any) -> pa.Table:
    """Return a model's rows, an Arrow table or a data frame of pandas, as an Arrow table."""
    if isinstance(rows, pa.Table):
        return rows
    return pa.Table.from_pandas(rows, preserve_index=False)
