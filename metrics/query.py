"""Queries of metrics: compiled by MetricFlow, run on the published marts."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

import duckdb
import pandas as pd

from metrics.engine import Request, compiled
from metrics.errors import MetricsError
from metrics.published import cursor


class How(TypedDict, total=False):
    """The arguments of a query of metrics.

    `group_by` names dimensions and entities: `metric_time__month`, `channel`, `order__banner`. `where` are conditions:
    `{{ Dimension('order__banner') }} = 'North'`. `order_by` names columns of the answer, with `-` before one for
    descending. `start` and `end` limit `metric_time`; both are included.
    """

    group_by: Sequence[str]
    where: Sequence[str]
    order_by: Sequence[str]
    limit: int | None
    start: datetime | None
    end: datetime | None


def sql(metrics: Sequence[str], **how: Unpack[How]) -> str:
    """Return a query's SQL, for a DuckDB connection to which the published file is attached as `marts`.

    Raises MetricsError if there is no such metric, or it cannot be grouped or filtered this way.
    """
    return compiled(
        Request(
            metrics=tuple(metrics),
            group_by=tuple(how.get("group_by", ())),
            where=tuple(how.get("where", ())),
            order_by=tuple(how.get("order_by", ())),
            limit=how.get("limit"),
            start=how.get("start"),
            end=how.get("end"),
        )
    )


def query(metrics: Sequence[str], *, marts: Path | None = None, **how: Unpack[How]) -> list[dict[str, Any]]:
    """Return the rows of a query as dictionaries, by the requested names.

    Money is a Decimal, a day a date. `marts` is the published file, by default MARTS_PATH. Raises MetricsError
    also if nothing is published.
    """
    with _answer(marts, sql(metrics, **how)) as answer:
        names = [name for name, *_ in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def frame(metrics: Sequence[str], *, marts: Path | None = None, **how: Unpack[How]) -> pd.DataFrame:
    """Return the same rows as a data frame, for charts: money is a float, a day a timestamp."""
    with _answer(marts, sql(metrics, **how)) as answer:
        return answer.df()


@contextmanager
def _answer(marts: Path | None, statement: str) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(cursor(marts)) as connection:
        try:
            yield connection.execute(statement)
        except duckdb.Error as error:
            raise MetricsError(str(error)) from error
