"""A slice from beginning to end: the closure, the build of its customers, their tests, and the merge."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import duckdb

from slices import judge
from slices.build import ModelError, build, build_slice
from slices.changed import note_changed_rows
from slices.closure import Closure, find_closure
from slices.identity import GIVEN, IDENTITY, REGISTRY
from slices.judge import TestsFailedError, Verdict
from slices.kept import everybody, histories, merged, parameters
from slices.kinds import note_kinds
from slices.merge import merge, note_merge
from slices.plan import Plan
from slices.sql import count
from slices.transactions import fits_into_one, in_one_transaction, in_steps


@dataclass(frozen=True)
class Update:
    """What a slice did: its closure, the new rows of each kept table, and the test results."""

    closure: Closure
    rows: dict[str, int] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)


def update(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    run_at: datetime,
    *,
    tested: bool = True,
    largest_share: float = 0.2,
    log: Callable[[str], None] = lambda _: None,
) -> Update:
    """Bring the warehouse, attached as `kept`, up to its raw tables; the plan's database is attached and empty.

    If the closure's ``full`` has a reason, everything must be built. Raises TestsFailedError, and ModelError naming
    the model. Then nothing was changed, or the last build counts as interrupted (`slices/transactions.py`).
    """
    try:
        return _update(connection, plan, run_at, tested=tested, largest_share=largest_share, log=log)
    except (ModelError, duckdb.OutOfMemoryException) as error:
        _raise_unless_out_of_memory(error)
        # dbt builds in the warehouse itself, so it needs less memory than a slice of very many customers.
        log(str(error))
        return Update(Closure(full="the slice does not fit into the memory limit"))


def _update(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    run_at: datetime,
    *,
    tested: bool,
    largest_share: float,
    log: Callable[[str], None],
) -> Update:
    closure = find_closure(connection, plan, run_at, log=log, largest_share=largest_share)
    if closure.full:
        return Update(closure)
    _build_customers(connection, plan, run_at)
    full = _why_not(connection, plan)
    if full:
        return Update(replace(closure, full=full))
    verdicts = _passed(judge.judge_slice(connection, judge.of_slice(connection, plan))) if tested else []
    rows, judged = _merge_within_memory(connection, plan, run_at, tested=tested, log=log)
    return Update(closure, rows, verdicts + judged)


def _raise_unless_out_of_memory(error: Exception) -> None:
    """Raise the error again, unless its cause is the memory limit."""
    if not isinstance(error.__cause__ or error, duckdb.OutOfMemoryException):
        raise error


def _merge_within_memory(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    run_at: datetime,
    *,
    tested: bool,
    log: Callable[[str], None],
) -> tuple[dict[str, int], list[Verdict]]:
    """Merge the slice as `_merge` does, in one transaction if that fits into memory, otherwise in steps."""
    if fits_into_one(connection, plan):
        try:
            with in_one_transaction(connection):
                return _merge(connection, plan, run_at, tested=tested)
        except (ModelError, duckdb.OutOfMemoryException) as error:
            _raise_unless_out_of_memory(error)
    log("The slice is merged in steps, because one transaction does not fit into the memory limit.")
    with in_steps(connection):
        return _merge(connection, plan, run_at, tested=tested)


def _merge(
    connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime, *, tested: bool
) -> tuple[dict[str, int], list[Verdict]]:
    """Replace the rows of the touched customers, and rebuild and test the models of everybody.

    Returns the number of new rows of each table, and the test results.
    """
    rows = merge(connection, plan)
    note_changed_rows(connection)
    # Kept for people who ask why a customer was touched.
    connection.execute("create or replace table kept.slices.touched as select customer_id, why from touched")
    note_kinds(connection, plan, run_at)
    whole = plan.in_database("kept")
    rows |= _build_everybody(connection, whole, run_at)
    note_merge(connection)
    if not tested:
        return rows, []
    names = {test.unique_id for test in judge.of_warehouse(connection, plan)}
    tests = [test for test in whole.tests if test.unique_id in names]
    return rows, _passed(judge.judge(connection, tests))


def _build_customers(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Build all customer models on the slice; the closure has built identity already."""
    # The row with the number of the last run is no longer needed.
    connection.execute(f"delete from {plan.database}.{REGISTRY} where node is null")
    for name in parameters(plan) - GIVEN:
        table = plan.table_of(name)
        connection.execute(f"create or replace table {plan.database}.{table} as from kept.{table}")
    for name in histories(plan):
        table = plan.table_of(name)
        connection.execute(f"""
            create table {plan.database}.{table} as
            select * from kept.{table} where customer_id in (select customer_id from touched)
        """)
    # The products that the slice references, and those that may be recommended to its customers.
    build_slice(connection, plan, {"stg_store__products", "dim_products"}, run_at)
    products = plan.table_of("dim_products")
    connection.execute(f"""
        insert into {plan.database}.{products} by name
        from kept.{products}
        where product_id not in (select product_id from {plan.database}.{products})
    """)
    there = plan.upstream(IDENTITY) | parameters(plan) | {"dim_products"}
    build_slice(connection, plan, plan.upstream(merged(plan)) - there, run_at)


def _why_not(connection: duckdb.DuckDBPyConnection, plan: Plan) -> str:
    """Return why the parameters are not sufficient for this slice, or an empty text."""
    unknown = count(
        connection,
        f"""(
            select paths.conversion_touchpoint_id
            from {plan.database}.intermediate.int_attribution__path_channels as paths
            left join kept.intermediate.int_attribution__removal_effects as effects using (channel)
            group by paths.conversion_touchpoint_id
            having bool_or(effects.channel is null) or sum(effects.removal_effect) <= 0
        )""",
    )
    return f"attribution has no parameters yet for {unknown} paths to a conversion" if unknown else ""


def _passed(verdicts: list[Verdict]) -> list[Verdict]:
    if any(verdict.is_error for verdict in verdicts):
        raise TestsFailedError(verdicts)
    return verdicts


def _build_everybody(connection: duckdb.DuckDBPyConnection, whole: Plan, run_at: datetime) -> dict[str, int]:
    names = everybody(whole)
    before_customers = names & whole.upstream(["dim_customers"])
    build(connection, whole, before_customers, run_at)
    # Households depend on other customers' records too, so the column is joined again for all customers.
    connection.execute("""
        create or replace temp table moved_customers as
        select customers.customer_id, members.household_id
        from kept.marts.dim_customers as customers
        left join kept.intermediate.int_households__members as members
            on customers.customer_id = members.customer_id and members.is_current
        where customers.household_id is distinct from members.household_id
    """)
    connection.execute("""
        update kept.marts.dim_customers as customers set household_id = moved_customers.household_id
        from moved_customers where customers.customer_id = moved_customers.customer_id
    """)
    build(connection, whole, names - before_customers, run_at)
    return {name: count(connection, f"kept.{whole.table_of(name)}") for name in names}
