"""Compares two warehouses: every mart, row by row, except for the ids of people and journeys."""

from collections import Counter
from pathlib import Path

import duckdb

# Marts with rows about runs and former ids, which differ between the two.
OF_RUNS = {
    "mart_identity_health",
    "identity_history",
    "customer_id_redirects",
    "mart_late_arrivals",
    "mart_loads",
    "mart_rejects",
    "mart_schema_drift",
    "fct_segment_changes",
    "fct_segment_membership",
}
# Ids that are derived from other ids.
DERIVED = {"transition_id", "cart_key", "conflict_id"}
NAMED_BY_TOUCHPOINT = ("customer_id", "journey_id", "session_id")
Row = tuple[str, ...]
Differences = dict[str, tuple[list[Row], list[Row]]]
_NODES = """
    select one.customer_id, other.customer_id
    from one.intermediate.int_identity__people as one
    full join other.intermediate.int_identity__people as other on one.node = other.node
"""
_TOUCHPOINTS = """
    select distinct one.{name}, other.{name}
    from one.marts.fct_touchpoints as one
    full join other.marts.fct_touchpoints as other on one.touchpoint_id = other.touchpoint_id
"""


def differences(one: Path, other: Path) -> Differences:
    """Return up to three rows a mart that only one of two warehouses has.

    Raises AssertionError if a person, journey or session of one is not exactly one in the other.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        people = _one_to_one(connection.execute(_NODES).fetchall(), "customer_id of an identifier")
        names = {"customer_id": people}
        for name in NAMED_BY_TOUCHPOINT:
            pairs = connection.execute(_TOUCHPOINTS.format(name=name)).fetchall()
            names[name] = names.get(name, {}) | _one_to_one(pairs, f"{name} of a touchpoint")
        found = {}
        for table in _marts(connection):
            ours = _rows(connection, f"one.marts.{table}", names)
            theirs = _rows(connection, f"other.marts.{table}", {})
            if ours != theirs:
                found[table] = (list((ours - theirs).elements())[:3], list((theirs - ours).elements())[:3])
        return found


def _one_to_one(pairs: list[tuple[str, str]], what: str) -> dict[str, str]:
    """Return the names of one by those of the other; raises AssertionError if a name has two."""
    names = dict(pairs)
    assert len(names) == len(set(pairs)) == len(set(names.values())), f"the {what} divides otherwise"
    return names


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'one' and schema_name = 'marts' order by 1"
    ).fetchall()
    return [name for (name,) in found if name not in OF_RUNS]


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, names: dict[str, dict[str, str]]
) -> Counter[Row]:
    """Count the rows of a table, with the names of people, journeys and sessions put as the other has them."""
    answer = connection.execute(f"select * from {table}")
    columns = [column for column, *_ in answer.description or ()]
    translations = [
        {} if column in DERIVED else names.get(next((n for n in names if column.endswith(n)), ""), {})
        for column in columns
    ]
    return Counter(
        tuple(
            "" if column in DERIVED else str(translation.get(value, value))
            for column, translation, value in zip(columns, translations, row, strict=True)
        )
        for row in answer.fetchall()
    )
