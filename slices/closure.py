"""The closure of a delivery: the customers whose rows can change, and the records that their rows are computed from.

Two rings. *Touched*: customers whose rows may differ after the delivery, under their ids before and after it.
*Context*: records of other customers that are needed to compute the rows of the touched ones. Rounds repeat until
neither ring grows; each round resolves identity inside the slice and compares it with the state before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from slices.build import build_slice
from slices.candidates import begin_candidates
from slices.changed import ROWS_SEEN, find_changed_units
from slices.compare import compare_identity, touch_neighbours_of_changed
from slices.context import find_context
from slices.cut import cut
from slices.hubs import find_flips, judge_hubs
from slices.identity import score_delivered_profiles, solve_identity
from slices.kinds import is_new_site, touch_buyers, touch_due, why_full
from slices.plan import Plan
from slices.sql import count, value
from slices.state import Kind, read_customers, read_units

# Models that give the customers of new records and the objects that they reference.
DELTA = (
    "int_identity__identifiers",
    "int_records__object_names",
    "int_identity__record_links",
    "int_touchpoints__own_sites",
)
IDENTIFIERS = "kept.intermediate.int_identity__identifiers"
MAX_ROUNDS = 20
# A copy in memory is read faster, but copies of the identifiers of ten million events spill to disk.
MOST_COPIED = 4_000_000


@dataclass(frozen=True)
class Closure:
    """The size of the slice; ``full`` is the reason to build everything instead, or empty."""

    changed: int = 0
    touched: int = 0
    units: int = 0
    rounds: int = 0
    full: str = ""


def find_closure(
    connection: duckdb.DuckDBPyConnection,
    plan: Plan,
    run_at: datetime,
    *,
    largest_share: float = 0.2,
    log: Callable[[str], None] = lambda _: None,
) -> Closure:
    """Find the closure, and build its records and their identity in the plan's database.

    The warehouse is attached as `kept`, an empty database under the plan's name. Temporary tables of the
    connection then describe it: `touched` (customer_id, why), `slice_units`, `touched_units`.
    """
    find_changed_units(connection)
    full = why_full(connection, plan, run_at)
    if full:
        return Closure(full=full)
    kind: Kind = "table" if count(connection, IDENTIFIERS) <= MOST_COPIED else "view"
    read_units(connection, "kept", "before", kind)
    read_customers(connection, "kept", "before", kind)
    _read_delta(connection, plan, run_at, kind)
    if is_new_site(connection, plan):
        return Closure(full="the first event of a new site of ours came")
    _begin(connection, plan, run_at)
    touch_buyers(connection)
    touch_due(connection, run_at)
    score_delivered_profiles(connection, plan, run_at)
    units = value(connection, f"select approx_count_distinct(unit) from {ROWS_SEEN}")
    size: tuple[int, ...] = ()
    for number in range(1, MAX_ROUNDS + 1):
        find_context(connection)
        if not _is_slice_new(connection) and number > 1:
            break
        share = count(connection, "touched_units") / max(units, 1)
        if share > largest_share:
            return Closure(full=f"the delivery touches {share:.0%} of all records")
        solve_identity(connection, plan, run_at)
        compare_identity(connection, plan)
        now = tuple(count(connection, table) for table in ("touched", "loose_units", "mates", "reviewed"))
        log(f"round {number}: {now[0]} touched, {now[1]} units without customer, {now[2]} candidates")
        if now == size:
            break
        size = now
    else:
        return Closure(full="the closure did not end")
    return Closure(
        changed=count(connection, "changed"),
        touched=count(connection, "touched"),
        units=count(connection, "slice_units"),
        rounds=number,
    )


def _read_delta(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime, kind: Kind) -> None:
    """Make `identifiers` as of now, and `all_objects`, which includes the former objects of changed units."""
    cut(connection, plan, "changed")
    build_slice(connection, plan, plan.upstream(DELTA), run_at)
    read_units(connection, plan.database, "delta", "table")
    connection.execute(
        "create or replace temp table changed_links as"
        f" select left_node, right_node from {plan.database}.intermediate.int_identity__record_links"
    )
    connection.execute(f"""
        create or replace temp {kind} identifiers as
        select * from before_identifiers where unit not in (from changed)
        union all
        select * from delta_identifiers where unit in (from changed)
    """)
    connection.execute(f"""
        create or replace temp {kind} evidence as
        select unit, node from before_identifiers
        where
            tier = 1
            and unit not in (from changed)
            and record_key in (select record_key from kept.intermediate.int_identity__evidence)
        union all
        select unit, node from delta_identifiers where tier = 1 and unit in (from changed)
    """)
    connection.execute("""
        create or replace temp table all_objects as
        select unit, object_type, object_name from before_objects
        union all
        (
            select unit, object_type, object_name from delta_objects
            except
            select unit, object_type, object_name from before_objects
        )
    """)


def _begin(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Start with the customers and identifiers of the changed records, before and after the change."""
    connection.execute("""
        create or replace temp table nodes as
        select node from before_identifiers where tier = 1 and unit in (from changed)
        union
        select node from delta_identifiers where tier = 1 and unit in (from changed)
    """)
    _add_decisions(connection)
    _add_aliases(connection)
    judge_hubs(connection, plan, run_at)
    find_flips(connection)
    connection.execute("""
        create or replace temp table components as
        select distinct component from kept.intermediate.int_identity__candidate_clusters where node in (from nodes)
        union
        -- An identifier that is in no cluster now (a hub, or gone for a while) still claims the id that it had: its
        -- people must be there to contest it.
        select clusters.component
        from (
            select node, arg_max(customer_id, run_number) as customer_id
            from kept.intermediate.int_identity__assignments where node in (from nodes) group by node
        )
        inner join kept.intermediate.int_identity__people as people using (customer_id)
        inner join kept.intermediate.int_identity__candidate_clusters as clusters on people.node = clusters.node
    """)
    begin_candidates(connection)
    connection.execute("create or replace temp table reviewed (customer_id varchar)")
    connection.execute("""
        create or replace temp table touched as
        select customer_id, min(why) as why
        from (
            select customer_id, 'a record of theirs changed' as why from before_customers where unit in (from changed)
            union all
            select customer_id, 'an identifier of theirs is on a changed record'
            from kept.intermediate.int_identity__people where node in (from nodes)
        )
        group by customer_id
    """)
    connection.execute("create or replace temp table loose_units as select unit from changed")
    connection.execute("""
        create or replace temp table known_pairs as
        select distinct left_node, right_node from kept.intermediate.int_identity__probabilistic_pairs
    """)
    touch_neighbours_of_changed(connection)
    connection.execute("create or replace temp table slice_units (unit varchar)")
    connection.execute("create or replace temp table touched_units (unit varchar)")
    connection.execute("create or replace temp table slice_before (unit varchar)")
    connection.execute("create or replace temp table touched_before (unit varchar)")


def _add_decisions(connection: duckdb.DuckDBPyConnection) -> None:
    """Add the identifiers of added and withdrawn stewards' decisions."""
    connection.execute("""
        create or replace temp table changed_decisions as
        (from kept.seeds.identity_decisions except from kept.slices.decisions_seen)
        union all
        (from kept.slices.decisions_seen except from kept.seeds.identity_decisions)
    """)
    for side in ("left", "right"):
        connection.execute(f"""
            insert into nodes
            select {side}_type || ':' || coalesce(identifier_value, {side}_value)
            from changed_decisions
            left join kept.intermediate.int_identity__values as known
                on {side}_type = known.identifier_type and {side}_value = known.raw_value
        """)


def _add_aliases(connection: duckdb.DuckDBPyConnection) -> None:
    """Add accounts that an alias links: an event has the earlier account in the field of a browser's id."""
    connection.execute("""
        insert into nodes
        select distinct node from identifiers
        where tier = 1 and unit in (
            select unit from identifiers
            where node in (
                select 'anonymous_id:' || substr(node, strpos(node, ':') + 1) from nodes
                where node like 'user_id:%' or node like 'email:%'
            )
        )
    """)
    connection.execute("""
        insert into nodes
        select distinct node from identifiers
        where node in (
            select kind || substr(node, strpos(node, ':')) from (
                select node, unnest(['user_id', 'email']) as kind from (
                    select node from before_identifiers where unit in (from changed) and node like 'anonymous_id:%'
                    union
                    select node from delta_identifiers where unit in (from changed) and node like 'anonymous_id:%'
                )
            )
        )
    """)
    connection.execute("create or replace temp table nodes as select distinct node from nodes")


def _is_slice_new(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether the slice or its touched part changed since the last round, and store both."""
    is_new = count(
        connection,
        """(
            (from slice_units except from slice_before) union all (from slice_before except from slice_units)
            union all
            (from touched_units except from touched_before) union all (from touched_before except from touched_units)
        )""",
    )
    connection.execute("create or replace temp table slice_before as from slice_units")
    connection.execute("create or replace temp table touched_before as from touched_units")
    return is_new > 0
