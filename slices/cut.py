"""Cuts a slice: a small database with the raw rows of some units and all small tables."""

from collections.abc import Collection

import duckdb

from slices.build import SCHEMAS
from slices.plan import Plan
from slices.units import OF_LOADS, UNIT

# Customer ids are derived from it: the slice must give the same ids as the warehouse.
NAMING_KEY = "intermediate.int_identity__naming_key"


def cut(connection: duckdb.DuckDBPyConnection, plan: Plan, units: str) -> None:
    """Fill the plan's database with the raw rows of the units that the table ``units`` lists; it must be empty.

    Tables without units (locations, products, spend), the seeds, and the rows of agents are copied whole.
    """
    database = plan.database
    for schema in SCHEMAS:
        connection.execute(f"drop schema if exists {database}.{schema} cascade")
        connection.execute(f"create schema {database}.{schema}")
    for table in plan.seeds.values():
        connection.execute(f"create table {database}.{table} as from kept.{table}")
    connection.execute(f"create table {database}.{NAMING_KEY} as from kept.{NAMING_KEY}")
    for table in _raw_tables(connection):
        rows = f"select * from kept.raw.{table}"
        if table in UNIT:
            rows += f" where {UNIT[table]} in (select unit from {units})"
        if table == "support_users":
            rows += f"""
                or role in ('agent', 'admin') or id in (
                    select requester_id from kept.raw.support_tickets
                    where {UNIT["support_tickets"]} in (select unit from {units})
                )
            """
        connection.execute(f"create table {database}.raw.{table} as {rows}")


def _raw_tables(connection: duckdb.DuckDBPyConnection) -> Collection[str]:
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'kept' and schema_name = 'raw'"
        f" and not starts_with(table_name, '_dlt') and table_name not in {OF_LOADS}"
    ).fetchall()
    return [table for (table,) in found]
