"""Finds the units that changed since the last build: rows that were added, replaced or deleted.

A changed row has another load id. So a load is new if the last build did not see it, or saw other rows of it.
"""

import duckdb

from slices.units import UNIT, row_key

# The rows of the raw tables at the last build.
ROWS_SEEN = "kept.slices.rows_seen"


def remember_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Record the raw rows that the completed build read. The warehouse is attached as `kept`."""
    connection.execute("create schema if not exists kept.slices")
    rows = " union all ".join(_rows(table) for table in UNIT)
    connection.execute(f"create or replace table {ROWS_SEEN} as {rows}")


def find_changed_units(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `changed` (unit) and `changed_rows` (raw_table, row_key, unit, load_id; null if the row was deleted)."""
    connection.execute(f"""
        create or replace temp table changed_loads as
        select coalesce(now.raw_table, seen.raw_table) as raw_table, coalesce(now.load_id, seen.load_id) as load_id
        from ({" union all ".join(_loads(table) for table in UNIT)}) as now
        full join (
            select raw_table, load_id, count(*) as rows_of_load, sum(hash(row_key)) as content
            from {ROWS_SEEN} group by raw_table, load_id
        ) as seen using (raw_table, load_id)
        where now.content is distinct from seen.content
    """)
    rows = " union all ".join(
        f"({_rows(table)} semi join changed_loads on {_in_load(table)})" for table in UNIT
    )
    connection.execute(f"""
        create or replace temp table changed_rows as
        select coalesce(now.raw_table, seen.raw_table) as raw_table, coalesce(now.row_key, seen.row_key) as row_key,
            coalesce(now.unit, seen.unit) as unit, now.load_id
        from ({rows}) as now
        full join (select * from {ROWS_SEEN} semi join changed_loads using (raw_table, load_id)) as seen
            using (raw_table, row_key, load_id)
        where now.unit is null or seen.unit is null
    """)
    connection.execute("create or replace temp table changed as select distinct unit from changed_rows")
    # A ticket's columns about its requester depend on the requester's own row.
    connection.execute("""
        insert into changed
        select distinct 'support:tickets:' || id from kept.raw.support_tickets
        where 'support:users:' || requester_id in (from changed) and 'support:tickets:' || id not in (from changed)
    """)


def note_changed_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Record the changes as seen, in the transaction that merges a slice."""
    connection.execute(
        f"delete from {ROWS_SEEN} where (raw_table, row_key) in (select (raw_table, row_key) from changed_rows)"
    )
    rows = " union all ".join(
        f"({_rows(table)} semi join changed_rows on '{table}' = changed_rows.raw_table"
        f" and {row_key(table)} = changed_rows.row_key)"
        for table in UNIT
    )
    connection.execute(f"insert into {ROWS_SEEN} {rows}")


def _rows(table: str) -> str:
    return (
        f"select '{table}' as raw_table, {row_key(table)} as row_key, {UNIT[table]} as unit, _dlt_load_id as load_id"
        f" from kept.raw.{table}"
    )


def _loads(table: str) -> str:
    return (
        f"select '{table}' as raw_table, _dlt_load_id as load_id, sum(hash({row_key(table)})) as content"
        f" from kept.raw.{table} group by _dlt_load_id"
    )


def _in_load(table: str) -> str:
    return f"changed_loads.raw_table = '{table}' and changed_loads.load_id = {table}._dlt_load_id"
