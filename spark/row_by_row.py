"""Python models that read each row by itself, run by Spark's workers a partition at a time; the driver gets no row.

Such a model names its input in `meta.row_by_row`. What it filters and makes distinct, Spark does; the rest of its code
runs where the rows are. Other tables that it reads must be small: they are sent along.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from spark.relation import Relation, as_arrow, run


class _AskedError(Exception):
    """Ends the model's code on the driver where it asks for the rows of its input."""

    def __init__(self, rows: DataFrame) -> None:
        super().__init__()
        self.rows = rows


@dataclass(frozen=True)
class _Input(Relation):
    """The input on the driver, with what the model selects of it."""

    def to_arrow_table(self) -> pa.Table:
        """Rows are asked for on a worker only."""
        raise _AskedError(self.rows)


@dataclass(frozen=True)
class _Part:
    """A partition of the input on a worker. It is selected already."""

    rows: pa.Table

    def filter(self, _: str) -> "_Part":
        """Done by Spark."""
        return self

    def project(self, _: str) -> "_Part":
        """Done by Spark."""
        return self

    def distinct(self) -> "_Part":
        """Done by Spark."""
        return self

    def df(self) -> pd.DataFrame:
        """All rows of the partition."""
        return self.rows.to_pandas()


@dataclass(frozen=True)
class _Small:
    """A whole other table, as a data frame and nothing else."""

    rows: pa.Table

    def df(self) -> pd.DataFrame:
        """All rows."""
        return self.rows.to_pandas()


def run_row_by_row(session: SparkSession, name: str, code: str, input_name: str) -> DataFrame:
    """Return the rows of a model that reads each row of its input by itself."""
    selected, others = _selected(session, name, code, input_name)
    given = to_arrow_schema(selected.schema)
    shape = from_arrow_schema(_answer(name, code, input_name, given.empty_table(), others).schema)
    returned = to_arrow_schema(shape)

    def of_partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        rows = pa.Table.from_batches(list(batches), given)
        yield from _answer(name, code, input_name, rows, others).cast(returned).to_batches()

    return selected.mapInArrow(of_partition, shape)


def _selected(
    session: SparkSession, name: str, code: str, input_name: str
) -> tuple[DataFrame, dict[str, pa.Table]]:
    """Run the model until it asks for its input; return what it asks for, and the other tables that it read."""
    others: dict[str, pa.Table] = {}

    def read(table: str) -> Any:
        if _last(table) == input_name:
            return _Input(session.table(table))
        others[_last(table)] = session.table(table).toArrow()
        return _Small(others[_last(table)])

    try:
        run(name, code, read)
    except _AskedError as asked:
        return asked.rows, others
    raise ValueError(f"{name} never asks for the rows of {input_name}")


def _answer(name: str, code: str, input_name: str, rows: pa.Table, others: dict[str, pa.Table]) -> pa.Table:
    """Run the model on these rows of its input."""

    def read(table: str) -> Any:
        return _Part(rows) if _last(table) == input_name else _Small(others[_last(table)])

    return as_arrow(run(name, code, read))


def _last(table: str) -> str:
    return table.rpartition(".")[2].strip('`"')
