"""Compares identity in the slice with the state before the delivery."""

import duckdb

from slices.context import find_objects
from slices.plan import Plan
from slices.sql import columns_of
from slices.state import read_customers, read_units

REVIEW = "identity_review"
_PAIRS = {
    "identity_dropped_links": ("left_customer_id", "right_customer_id"),
    REVIEW: ("left_customer_id", "right_customer_id"),
    "identity_links": ("customer_id",),
}


def touch_neighbours_of_changed(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `touched` and `loose_units` the customers who share a device or an object with a changed record.

    The first comparison would find them too, but then another round would be needed.
    """
    connection.execute("create or replace temp table found (customer_id varchar, why varchar)")
    connection.execute("create or replace temp table changed_units as from changed")
    _find_neighbours(connection, "select device_node from kept.intermediate.int_identity__public_devices")
    _touch_found(connection)


def compare_identity(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Add to `touched`, `reviewed` and `loose_units` everybody whom the changes reach.

    Compares only identifiers whose records are all in the slice (`complete_nodes`).
    """
    read_units(connection, plan.database, "slice", "table")
    read_customers(connection, plan.database, "slice", "table")
    connection.execute("create or replace temp table found (customer_id varchar, why varchar)")
    _find_changed_hands(connection, plan)
    _find_changed_pairs(connection, plan)
    _find_neighbours(
        connection,
        f"""
            select device_node from certain_public_devices
            union
            (
                select device_node from kept.intermediate.int_identity__public_devices
                intersect
                select device_node from {plan.database}.intermediate.int_identity__public_devices
            )
        """,
    )
    _touch_found(connection)


def _find_changed_hands(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make `changed_units`: units that changed, and units with another customer or tier."""
    connection.execute("""
        create or replace temp table identity_units as
        select unit from identifiers
        where tier = 1 and node in (from complete_nodes) and unit in (from slice_units)
    """)
    connection.execute("""
        create or replace temp table changed_units as
        with before as (
            select * from before_customers
            where unit in (select unit from touched_units union select unit from identity_units)
        ),
        after as (
            select * from slice_customers
            where unit in (select unit from touched_units union select unit from identity_units)
        )
        select unit from changed
        union
        select coalesce(before.unit, after.unit)
        from before full join after using (record_key)
        where
            (
                coalesce(before.unit, after.unit) in (from touched_units)
                or coalesce(before.tier, 1) = 1 and coalesce(after.tier, 1) = 1
            )
            and (before.customer_id is distinct from after.customer_id or before.tier is distinct from after.tier)
    """)
    connection.execute("""
        insert into found
        select customer_id, 'a record changed hands' from before_customers where unit in (from changed_units)
        union
        select customer_id, 'a record changed hands' from slice_customers where unit in (from changed_units)
    """)
    connection.execute(f"""
        create or replace temp table changed_people as
        with before as (
            select node, customer_id from kept.intermediate.int_identity__people where node in (from complete_nodes)
        ),
        after as (
            select node, customer_id from {plan.database}.intermediate.int_identity__people
            where node in (from complete_nodes)
        )
        select coalesce(before.node, after.node) as node, before.customer_id as old_id, after.customer_id as new_id
        from before full join after using (node)
        where before.customer_id is distinct from after.customer_id
    """)
    connection.execute("""
        insert into found
        select unnest([old_id, new_id]), 'an identifier changed hands' from changed_people
    """)


def _find_changed_pairs(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Find both sides of every link, dropped link and review pair that was added, removed or changed.

    Customers with a changed pair to review are not touched, since no row of theirs depends on it. But which of
    several pairs link is decided together, so their other pairs may change.
    """
    inside = """
        where left_type || ':' || left_value in (from complete_nodes)
        and right_type || ':' || right_value in (from complete_nodes)
    """
    for table, customers in _PAIRS.items():
        # By name: dbt orders columns as in the contract, a slice as in the statement.
        columns = ", ".join(columns_of(connection, f"kept.marts.{table}"))
        changed = f"""(
            select {columns}
            from (
                select {columns}, 1 as side from kept.marts.{table} {inside}
                union all
                select {columns}, -1 from {plan.database}.marts.{table} {inside}
            )
            group by {columns}
            having sum(side) <> 0
        )"""
        if table == REVIEW:
            connection.execute(f"""
                insert into reviewed
                select unnest([{", ".join(customers)}]) from {changed}
                except
                from reviewed
            """)
            continue
        connection.execute(f"""
            insert into found
            select unnest([{", ".join(customers)}]), 'a link of theirs changed ({table})' from {changed}
        """)


def _find_neighbours(connection: duckdb.DuckDBPyConnection, public_devices: str) -> None:
    """Find customers who share an object, or another device, with a change, and tickets of changed agents."""
    connection.execute(f"""
        create or replace temp table changed_devices as
        select distinct node
        from ({_weak_identifiers("unit in (from changed_units)")})
        where node not in ({public_devices})
    """)
    find_objects(connection, "changed_units", "changed_objects")
    connection.execute(f"""
        create or replace temp table reached_units as
        select distinct unit, 'they share a device with what changed' as why
        from ({_weak_identifiers("node in (from changed_devices)")})
        union all
        select distinct unit, 'they name an object of what changed'
        from all_objects semi join changed_objects using (object_type, object_name)
        union all
        select distinct unit, 'an agent of theirs changed'
        from all_objects
        where object_type = 'support_user' and 'support:users:' || object_name in (from changed)
    """)
    connection.execute("""
        insert into found
        select distinct customer_id, why from before_customers inner join reached_units using (unit)
    """)
    connection.execute("""
        insert into loose_units
        select distinct unit from reached_units
        where unit not in (select unit from before_customers)
        except
        select unit from loose_units
    """)


def _weak_identifiers(condition: str) -> str:
    return " union all ".join(
        f"select node, unit from {identifiers} where tier = 2 and {condition}"
        for identifiers in ("before_identifiers", "delta_identifiers")
    )


def _touch_found(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("""
        insert into touched
        select customer_id, min(why) from found
        where customer_id is not null and customer_id not in (select customer_id from touched)
        group by customer_id
    """)
