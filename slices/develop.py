"""A slice to develop models on: the records of a few customers, in a file that dbt builds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from slices.context import find_context
from slices.cut import cut
from slices.identity import REGISTRY
from slices.kept import PARAMETERS, histories
from slices.plan import Plan
from slices.sql import count
from slices.state import read_customers, read_units
from storage.sessions import attach, open_in_memory

# Computed from more records than a slice has. They are copied, as parameters are; `selectors.yml` excludes them.
GIVEN = ("int_identity__hubs", "int_identity__hub_suspects", "int_identity__public_devices")
DATABASE = "slice"


class NobodyError(ValueError):
    """No customer was found; the message says what was searched for."""


@dataclass(frozen=True)
class World:
    """The size of the file: the requested customers, and records of theirs and of their context."""

    customers: int
    records: int


def customers_of(connection: duckdb.DuckDBPyConnection, kind: str, value: str) -> list[str]:
    """Return the requested customers. Raises NobodyError.

    ``kind`` is CUSTOMER, ORDER, EMAIL or SAMPLE. The warehouse is attached as `kept`.
    """
    found = connection.execute(_WHOSE[kind], [value]).fetchall()
    customers = [customer for (customer,) in found if customer]
    if not customers:
        raise NobodyError(f"No customer is known by {kind}={value}.")
    return customers


_WHOSE = {
    "CUSTOMER": "select distinct customer_id from kept.marts.dim_customers where customer_id = ?",
    "ORDER": "select distinct customer_id from kept.marts.fct_orders where order_id = ?",
    "EMAIL": """
        select distinct people.customer_id
        from kept.intermediate.int_identity__people as people
        where people.node = (
            select 'email:' || coalesce(max(known.identifier_value), lower(trim(asked.email)))
            from (select ? as email) as asked
            left join kept.intermediate.int_identity__values as known
                on known.identifier_type = 'email' and known.raw_value = asked.email
            group by asked.email
        )
    """,
    # Deterministic, so that two runs can be compared.
    "SAMPLE": """
        select customer_id from kept.marts.dim_customers
        order by hash(customer_id), customer_id limit cast(? as bigint)
    """,
}


def write_world(warehouse: Path, file: Path, plan: Plan, customers: Sequence[str], memory: str) -> World:
    """Write the raw rows of these customers and their context, and what every slice gets, into a new file."""
    for old in (file, file.with_name(f"{file.name}.wal")):
        old.unlink(missing_ok=True)
    with open_in_memory(memory, kept=warehouse) as connection:
        attach(connection, file, DATABASE, read_only=False)
        _choose(connection, customers)
        find_context(connection)
        here = Plan(plan.models.values(), [], plan.seeds, DATABASE, plan.run_at)
        cut(connection, here, "slice_units")
        given = [name for name, model in plan.models.items() if PARAMETERS in model.config["tags"]]
        for table in (REGISTRY, *(plan.table_of(name) for name in (*given, *GIVEN))):
            connection.execute(f"create or replace table {DATABASE}.{table} as from kept.{table}")
        for name in histories(plan):
            table = plan.table_of(name)
            connection.execute(f"""
                create table {DATABASE}.{table} as
                select * from kept.{table} where customer_id in (select customer_id from touched)
            """)
        return World(len(customers), count(connection, "slice_units"))


def _choose(connection: duckdb.DuckDBPyConnection, customers: Sequence[str]) -> None:
    """Make the tables from which the context is found, as a closure does, for customers without changes."""
    read_units(connection, "kept", "before", "view")
    read_customers(connection, "kept", "before", "view")
    connection.execute("create temp view identifiers as from before_identifiers")
    connection.execute(
        "create temp view evidence as select unit, node from before_identifiers where tier = 1"
    )
    connection.execute("create temp table nodes (node varchar)")
    connection.execute("create temp table hubs_now as from kept.intermediate.int_identity__hubs")
    connection.execute("create temp table all_objects as from before_objects")
    connection.execute("create temp table touched as select unnest(?) as customer_id", [list(customers)])
    for table in (
        "loose_units (unit varchar)",
        "components (component varchar)",
        "mates (node varchar)",
        "reviewed (customer_id varchar)",
    ):
        connection.execute(f"create temp table {table}")
    connection.execute("""
        create temp table known_pairs as
        select distinct left_node, right_node from kept.intermediate.int_identity__probabilistic_pairs
    """)
