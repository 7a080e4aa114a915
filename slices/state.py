"""Identifiers, objects and customers of a database's models, as temporary tables by unit."""

import duckdb

from slices.units import unit_of_record


def read_units(connection: duckdb.DuckDBPyConnection, database: str, prefix: str) -> None:
    """Make `<prefix>_messages`, `<prefix>_identifiers` and `<prefix>_objects` from a database's models."""
    connection.execute(f"""
        create or replace temp table {prefix}_messages as
        select record_key, ticket_id from {database}.intermediate.int_records__messages
    """)
    connection.execute(f"""
        create or replace temp table {prefix}_identifiers as
        select {unit_of_record("messages")} as unit, record_key, node, tier
        from {database}.intermediate.int_identity__identifiers
        left join {prefix}_messages as messages using (record_key)
    """)
    connection.execute(f"""
        create or replace temp table {prefix}_objects as
        select unit, object_type, object_name from {database}.intermediate.int_records__object_names
    """)


def read_customers(connection: duckdb.DuckDBPyConnection, database: str, prefix: str) -> None:
    """Make `<prefix>_customers`: the customer and the unit of each record."""
    connection.execute(f"""
        create or replace temp table {prefix}_customers as
        select {unit_of_record("messages")} as unit, record_key, customer_id, tier
        from {database}.intermediate.int_identity__record_customers
        left join {prefix}_messages as messages using (record_key)
    """)
