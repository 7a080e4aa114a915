"""Identifiers, objects and customers of a database's models, by unit."""

from typing import Literal

import duckdb

from slices.units import UNIT_OF_MESSAGE, is_of_a_ticket

# A table for what is about to change, or is small. A view for a large warehouse: copies of its tables, uncompressed,
# would not fit into memory.
Kind = Literal["table", "view"]


def read_units(connection: duckdb.DuckDBPyConnection, database: str, prefix: str, kind: Kind) -> None:
    """Make `<prefix>_messages`, `<prefix>_identifiers` and `<prefix>_objects` from a database's models."""
    connection.execute(f"""
        create or replace temp {kind} {prefix}_messages as
        select record_key, ticket_id from {database}.intermediate.int_records__messages
    """)
    identifiers = f"{database}.intermediate.int_identity__identifiers"
    connection.execute(f"""
        create or replace temp {kind} {prefix}_identifiers as {_by_unit(prefix, identifiers, "node, tier")}
    """)
    connection.execute(f"""
        create or replace temp {kind} {prefix}_objects as
        select unit, object_type, object_name from {database}.intermediate.int_records__object_names
    """)


def read_customers(connection: duckdb.DuckDBPyConnection, database: str, prefix: str, kind: Kind) -> None:
    """Make `<prefix>_customers`: the customer and the unit of each record."""
    customers = f"{database}.intermediate.int_identity__record_customers"
    connection.execute(f"""
        create or replace temp {kind} {prefix}_customers as {_by_unit(prefix, customers, "customer_id, tier")}
    """)


def _by_unit(prefix: str, table: str, columns: str) -> str:
    """Return SQL of a table's rows with their unit; in two parts, so that most units are a column of the table."""
    return f"""
        select record_key as unit, record_key, {columns}
        from {table}
        where not {is_of_a_ticket("record_key")}
        union all
        select {UNIT_OF_MESSAGE} as unit, record_key, {columns}
        from {table}
        left join {prefix}_messages as messages using (record_key)
        where {is_of_a_ticket("record_key")}
    """
