"""The attribution models' own SQL, run by DuckDB on paths that a test makes up."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import jinja2

FOLDER = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/attribution"
DAY_BEFORE = 1.0

Credits = dict[int, dict[str, float]]


def warehouse(
    conversions: Sequence[Sequence[str]], days_before: Sequence[float] = ()
) -> duckdb.DuckDBPyConnection:
    """Open a database with one path per conversion, channel after channel, as the paths' model would have it.

    ``days_before`` is, for each touchpoint of every path, how long before the conversion it was.
    """
    connection = duckdb.connect()
    connection.execute(
        """
        create table int_attribution__paths (
            conversion_touchpoint_id integer, customer_id varchar, touchpoint_id varchar, channel varchar,
            is_not_direct boolean, days_before double, path_position integer, position_from_last integer,
            non_direct_position_from_last integer, path_length integer
        )
        """
    )
    for number, channels in enumerate(conversions):
        length = len(channels)
        last_non_direct = max(
            (i for i, channel in enumerate(channels) if channel != "web"), default=length - 1
        )
        for i, channel in enumerate(channels):
            connection.execute(
                "insert into int_attribution__paths values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    number,
                    f"customer of {number}",
                    f"{number}-{i}",
                    channel,
                    channel != "web",
                    days_before[i] if days_before else DAY_BEFORE,
                    i + 1,
                    length - i,
                    1 if i == last_non_direct else 2,
                    length,
                ],
            )
    run_model(connection, "int_attribution__path_channels")
    return connection


def run_model(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Make the table that a model makes; its parents must be there."""
    template = jinja2.Template((FOLDER / f"{name}.sql").read_text(encoding="utf-8"))
    in_full = {"config": lambda **_: "", "of_dirty_customers": lambda rows: rows}
    connection.execute(f"create table {name} as {template.render(in_full, ref=lambda parent: parent)}")


def credits_of(connection: duckdb.DuckDBPyConnection, model: str, table: str) -> Credits:
    """Return the credits of one attribution model: conversion, touchpoint, credit."""
    rows = connection.execute(
        f"select conversion_touchpoint_id, touchpoint_id, credit from {table} where attribution_model = ?",
        [model],
    ).fetchall()
    found: Credits = {}
    for conversion, touchpoint, credit in rows:
        found.setdefault(conversion, {})[touchpoint] = credit
    return found


def channel_sums(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, float]:
    """Return the credits of each channel over all conversions."""
    rows = connection.execute(f"select channel, sum(credit) from {table} group by channel").fetchall()
    return dict(rows)
