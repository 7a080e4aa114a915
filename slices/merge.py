"""Merges a slice: its rows replace those of the touched customers in the warehouse."""

import duckdb

from slices.kept import Rule, merged
from slices.plan import Plan
from slices.sql import value


def begin_merges(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create, after a full build, the log of customers whose rows were replaced since, and the list of its marts."""
    marts = [
        name
        for name, rule in merged(plan).items()
        if plan.models[name].layer == "marts" and rule["by"] == "customer"
    ]
    connection.execute(
        "create or replace table kept.slices.merged (merge_number integer, customer_id varchar)"
    )
    connection.execute("create or replace table kept.slices.merged_marts (mart varchar)")
    connection.executemany("insert into kept.slices.merged_marts values (?)", [[mart] for mart in marts])


def note_merge(connection: duckdb.DuckDBPyConnection) -> None:
    """Record whose rows were replaced, in the transaction that replaces them."""
    connection.execute("""
        insert into kept.slices.merged
        select 1 + (select coalesce(max(merge_number), 0) from kept.slices.merged), customer_id
        from (
            select customer_id from touched
            union
            select customer_id from moved_customers
            union
            -- At least one row, so that each slice has its own number.
            select null
        )
    """)


def merge(connection: duckdb.DuckDBPyConnection, plan: Plan) -> dict[str, int]:
    """Replace rows by each table's rule, in the caller's transaction; return the number of new rows of each."""
    _find_loose(connection, plan)
    return {name: _merge(connection, plan, name, rule) for name, rule in merged(plan).items()}


def _merge(connection: duckdb.DuckDBPyConnection, plan: Plan, name: str, rule: Rule) -> int:
    kept = f"kept.{plan.table_of(name)}"
    ours = f"{plan.database}.{plan.table_of(name)}"
    match rule:
        case {"by": "closure", "key": table}:
            connection.execute(f"delete from {kept}")
            return _insert(connection, kept, f"from {table}")
        case {"by": "run"}:
            last = f"(select coalesce(max(run_number), 0) from {kept})"
            return _insert(connection, kept, f"from {ours} where run_number > {last}")
        case {"by": "value", "key": columns, "shown_by": shown_by}:
            key = ", ".join(columns)
            shown = f"select ({key}) from kept.{plan.table_of(shown_by)}"
            connection.execute(f"delete from {kept} where ({key}) not in ({shown})")
            new = f"({key}) in ({shown}) and ({key}) not in (select ({key}) from {kept})"
            return _insert(connection, kept, f"from {ours} where {new}")
        case _:
            replaced = _condition(rule)
            connection.execute(f"delete from {kept} where {replaced}")
            return _insert(connection, kept, f"from {ours} where {replaced}")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> int:
    return int(value(connection, f"insert into {table} by name {rows}"))


def _condition(rule: Rule) -> str:
    """The condition on the replaced rows, for the warehouse and for the slice."""
    mine = "customer_id in (select customer_id from touched)"
    match rule:
        case {"by": "customer", "otherwise": kind, "key": key}:
            return f"({mine} or customer_id is null and {_names_loose(kind, key)})"
        case {"by": "customer"}:
            return mine
        case {"by": "record", "key": key}:
            return f"{key} in (select record_key from loose_records)"
        case {"by": "ticket"}:
            return "'support:tickets:' || ticket_id in (select unit from touched_units)"
        case {"by": "case"}:
            return "case_id in (select case_id from loose_cases)"
        case {"by": "unit"}:
            return "unit in (select unit from touched_units)"
        case {"by": "identifier", "key": columns}:
            return " and ".join(f"{column} in (select node from whole_nodes)" for column in columns)
        case {"by": "object"}:
            return "(key_type, key_value) in (select (object_type, object_name) from objects_of_touched)"
    raise ValueError(f"`merge` in a model's YAML is {dict(rule)}, which means nothing (slices/kept.py)")


def _names_loose(kind: str, key: str) -> str:
    if kind == "record":
        return f"replace({key}, ':arrival', '') in (select record_key from loose_records)"
    if kind == "case":
        return f"{key} in (select case_id from loose_cases)"
    return f"{key} in (select object_name from objects_of_touched union all select record_key from loose_records)"


def _find_loose(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Find the records, cases and identifiers that the slice has whole, whether they have a customer or not."""
    connection.execute("""
        create or replace temp table loose_records as
        select unit as record_key from touched_units
        union
        select record_key from before_messages where 'support:tickets:' || ticket_id in (select unit from touched_units)
        union
        select record_key from slice_messages where 'support:tickets:' || ticket_id in (select unit from touched_units)
    """)
    connection.execute("""
        create or replace temp table loose_cases as
        select 'case_' || substr(unit, length('support:tickets:') + 1) as case_id from touched_units
        where starts_with(unit, 'support:tickets:')
    """)
    connection.execute(f"""
        create or replace temp table whole_nodes as
        select node from complete_nodes
        union
        select node from {plan.database}.intermediate.int_identity__people
        where node not in (select node from kept.intermediate.int_identity__candidate_clusters)
    """)
