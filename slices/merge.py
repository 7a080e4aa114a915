"""Merging: the rows of a slice take the place of those that the touched customers had in the warehouse."""

import duckdb

from slices.kept import Appended, ByCustomer, ByNode, ByObject, ByUnit, ByValue, Rule, Whole
from slices.plan import Plan
from slices.sql import value


def merge(connection: duckdb.DuckDBPyConnection, plan: Plan, rules: dict[str, Rule]) -> dict[str, int]:
    """Replace rows by each table's rule, and return how many rows of each came. Within the caller's transaction."""
    _find_loose(connection, plan)
    return {name: _merge(connection, plan, name, rule) for name, rule in rules.items()}


def _merge(connection: duckdb.DuckDBPyConnection, plan: Plan, name: str, rule: Rule) -> int:
    kept = f"kept.{plan.table_of(name)}"
    slice_ = f"{plan.database}.{plan.table_of(name)}"
    match rule:
        case Whole(table):
            connection.execute(f"delete from {kept}")
            return _insert(connection, kept, f"from {table}")
        case Appended():
            last = f"(select coalesce(max(run_number), 0) from {kept})"
            return _insert(connection, kept, f"from {slice_} where node is not null and run_number > {last}")
        case ByUnit():
            connection.execute(f"delete from {kept} where {_of_units(rule)}")
            return _insert(connection, kept, f"from {slice_} where {_of_units(rule)}")
        case ByValue(columns, shown_by):
            value = ", ".join(columns)
            shown = f"select {value} from kept.{plan.table_of(shown_by)}"
            connection.execute(f"delete from {kept} where ({value}) not in ({shown})")
            return _insert(
                connection,
                kept,
                f"from {slice_} where ({value}) not in (select ({value}) from {kept}) and ({value}) in ({shown})",
            )
        case _:
            condition = _condition(rule)
            connection.execute(f"delete from {kept} where {condition}")
            return _insert(connection, kept, f"from {slice_} where {condition}")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: str) -> int:
    return int(value(connection, f"insert into {table} by name {rows}"))


def _of_units(rule: ByUnit) -> str:
    """The condition of a table's rows of touched units; what is said on a ticket is found by the ticket."""
    if "messages." not in rule.unit:
        return f"{rule.unit} in (select unit from touched_units)"
    return "record_key in (select record_key from loose_records)"


def _condition(rule: Rule) -> str:
    match rule:
        case ByCustomer(loose, key):
            mine = "customer_id in (select customer_id from touched)"
            if not loose:
                return mine
            return f"({mine} or customer_id is null and {_loose_key(loose, key)})"
        case ByNode(nodes):
            return " and ".join(f"{node} in (select node from whole_nodes)" for node in nodes)
        case ByObject():
            return (
                "(key_type, key_value) in (select (object_type, object_name) from objects_of_touched)"
            )
        case _:
            raise AssertionError(rule)


def _loose_key(loose: str, key: str) -> str:
    if loose == "record":
        return f"replace({key}, ':arrival', '') in (select record_key from loose_records)"
    if loose == "case":
        return f"{key} in (select case_id from loose_cases)"
    return f"{key} in (select object_name from objects_of_touched union all select record_key from loose_records)"


def _find_loose(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Find the records, cases and identifiers of which the slice has all."""
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
