"""Kinds of change that are not records: stewards' decisions, seeds, the catalogue, locations, our own sites.

Some of them affect all customers. Then no slice is cut, and everything is built.
"""

from datetime import UTC, datetime

import duckdb

from slices.plan import Plan
from slices.sql import count, value

DECISIONS = "identity_decisions"
_PRODUCTS = "raw.store_products"
_LOCATIONS = "raw.store_locations"
# All columns except the load and its time.
_CONTENT = "* exclude (_dlt_load_id, loaded_at, record_hash)"


def remember_kinds(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Record the other inputs of the completed build. The warehouse is attached as `kept`."""
    connection.execute("create schema if not exists kept.slices")
    connection.execute(f"create or replace table kept.slices.tables_seen as {_contents(plan)}")
    note_kinds(connection, plan, run_at)


def note_kinds(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Record the decisions and products of a slice, in the transaction that merges it."""
    connection.execute(
        f"create or replace table kept.slices.decisions_seen as from kept.{plan.seeds[DECISIONS]}"
    )
    connection.execute(f"create or replace table kept.slices.products_seen as from kept.{_PRODUCTS}")
    connection.execute(
        "create or replace table kept.slices.clock as select ?::timestamp as built_at",
        [run_at.astimezone(UTC).replace(tzinfo=None)],
    )


def why_full(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> str:
    """Return which change affects all customers, or an empty text."""
    built_at = value(connection, "select built_at from kept.slices.clock")
    if run_at.astimezone(UTC).date() != built_at.date():
        return "parameters are fitted once a day, and customers grow a day older"
    changed = value(
        connection,
        f"""
        select string_agg(name, ', ' order by name)
        from ({_contents(plan)}) as now full join kept.slices.tables_seen as seen using (name)
        where now.content is distinct from seen.content
    """,
    )
    return f"what everybody's rows depend on has changed: {changed}" if changed else ""


def is_new_site(connection: duckdb.DuckDBPyConnection, plan: Plan) -> bool:
    """Whether the changed records are the first of an own site: links from it are no longer referrals."""
    sites = "intermediate.int_touchpoints__own_sites"
    new = f"(select page_host from {plan.database}.{sites} except select page_host from kept.{sites})"
    return count(connection, new) > 0


def touch_due(connection: duckdb.DuckDBPyConnection, run_at: datetime) -> None:
    """Add to `touched` the customers whose rows changed by the clock alone since the last build."""
    connection.execute(
        """
        insert into touched
        select customer_id, 'the clock changes a row of theirs'
        from kept.intermediate.int_customers__due
        where due_at <= ?::timestamp + interval 1 second
            and customer_id not in (select customer_id from touched)
        """,
        [run_at.astimezone(UTC).replace(tzinfo=None)],
    )


def touch_buyers(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `touched` the customers whose records or recommendations reference a changed product."""
    connection.execute(f"""
        create or replace temp table changed_products as
        select distinct product_id from (
            (select {_CONTENT} from kept.{_PRODUCTS}
            except select {_CONTENT} from kept.slices.products_seen)
            union all
            (select {_CONTENT} from kept.slices.products_seen
            except select {_CONTENT} from kept.{_PRODUCTS})
        )
    """)
    connection.execute("""
        insert into touched
        select customer_id, 'a product that their rows name changed'
        from (
            select customer_id from before_customers
            where record_key in (
                select record_key from kept.intermediate.int_records__keys
                where key_type = 'product_id' and key_value in (from changed_products)
            )
            union
            select customer_id from kept.marts.mart_recommendations where product_id in (from changed_products)
        )
        where customer_id not in (select customer_id from touched)
    """)


def _contents(plan: Plan) -> str:
    """Return SQL of an order-independent checksum of each small table on which all customers' rows depend."""
    tables = {name: f"(from kept.{table})" for name, table in plan.seeds.items() if name != DECISIONS}
    tables["store_locations"] = f"(select {_CONTENT} from kept.{_LOCATIONS})"
    return " union all ".join(
        f"select '{name}' as name, (select coalesce(sum(hash(held)), 0) from {rows} as held) as content"
        for name, rows in tables.items()
    )
