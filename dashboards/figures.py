"""Metrics of the project by name, on the current version: one definition for pages, BI and others."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import pandas as pd

from dashboards import words
from dashboards.periods import Period
from dashboards.publication import UnreadableError, rows


def figures(
    names: Sequence[str],
    *,
    group_by: Sequence[str] = (),
    where: Sequence[str] = (),
    period: Period | None = None,
) -> pd.DataFrame:
    """Return grouped metrics, with columns named without entities (`order__banner` is `banner`).

    Raises UnreadableError if dbt has not written the definitions of metrics yet.
    """
    # MetricFlow takes a second to import, and not every page needs it.
    import metrics

    try:
        statement = metrics.sql(
            names,
            group_by=group_by,
            where=where,
            start=datetime.combine(period.start, time()) if period else None,
            end=datetime.combine(period.end - timedelta(days=1), time()) if period else None,
        )
    except metrics.MetricsError as error:
        raise UnreadableError(str(error)) from error
    found = rows(statement)
    return found.rename(columns={each: each.rpartition("__")[2] for each in group_by})


def values(
    names: Sequence[str], *, where: Sequence[str] = (), period: Period | None = None
) -> dict[str, float | None]:
    """Return metrics over all by name; None if there is nothing to count."""
    found = figures(names, where=where, period=period)
    if found.empty:
        return dict.fromkeys(names)
    first = found.iloc[0]
    return {name: None if words.is_missing(first[name]) else float(first[name]) for name in names}
