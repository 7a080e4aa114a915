"""Resolves identity inside a slice, from the state before the delivery."""

from datetime import datetime

import duckdb

from slices.build import build_slice
from slices.candidates import PAIRS, SOURCE_PROFILES, decide_pairs, score_changed_profiles
from slices.cut import cut
from slices.hubs import HUBS, SUSPECTS
from slices.plan import Plan

REGISTRY = "intermediate.int_identity__assignments"
PUBLIC_DEVICES = "int_identity__public_devices"
PRIOR = "int_identity__match_prior"
# Models that are compared with the state, and other models of identity that are kept.
IDENTITY = (
    "int_records__object_names",
    "int_identity__record_customers",
    "identity_review",
    "identity_dropped_links",
    "identity_links",
)
# Copied into the slice, which does not have all records to compute them.
GIVEN = {HUBS, SUSPECTS, "int_identity__hub_groups", "int_identity__naming_key", PRIOR}


def score_delivered_profiles(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Add to `mates` the profiles that are similar to the changed profile of an identifier in `nodes`.

    The first round would find them too, but then another round would be needed.
    """
    connection.execute("""
        create or replace temp table profile_units as
        select unit from evidence where node in (from nodes)
        union
        from changed
    """)
    cut(connection, plan, "profile_units")
    _give_hubs(connection, plan)
    build_slice(connection, plan, plan.upstream([SOURCE_PROFILES]) - GIVEN, run_at)
    connection.execute("create or replace temp table complete_nodes as from nodes")
    score_changed_profiles(connection, plan)


def solve_identity(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Cut the units of `slice_units` and build identity on them in the plan's database."""
    cut(connection, plan, "slice_units")
    _give(connection, plan)
    wanted = plan.upstream(IDENTITY) - GIVEN - {PAIRS}
    profiles = plan.upstream([SOURCE_PROFILES])
    after_devices = {name for name in wanted if PUBLIC_DEVICES in plan.upstream([name])} - {PUBLIC_DEVICES}
    build_slice(connection, plan, wanted & profiles, run_at)
    score_changed_profiles(connection, plan)
    decide_pairs(connection, plan)
    build_slice(connection, plan, wanted - profiles - after_devices, run_at)
    connection.execute(f"""
        insert into {plan.database}.intermediate.{PUBLIC_DEVICES}
        from kept.intermediate.{PUBLIC_DEVICES} as known
        where
            device_node in (from certain_public_devices)
            and device_node not in (select device_node from {plan.database}.intermediate.{PUBLIC_DEVICES})
    """)
    build_slice(connection, plan, after_devices, run_at)


def _give_hubs(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Copy the hubs into the slice, which does not have all their records."""
    connection.execute(f"create or replace table {plan.database}.intermediate.{HUBS} as from hubs_now")


def _give(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    here = f"{plan.database}.intermediate"
    _give_hubs(connection, plan)
    connection.execute(f"create or replace table {here}.{PRIOR} as from kept.intermediate.{PRIOR}")
    # The registry of the identifiers, and of everybody who has had one of their ids: no id is assigned twice.
    # One row without an identifier has the number of the last run.
    connection.execute(f"""
        create or replace table {plan.database}.{REGISTRY} as
        with known as (
            select * from kept.{REGISTRY}
            where node in (select node from identifiers where unit in (select unit from slice_units))
        )
        select * from kept.{REGISTRY}
        where
            node in (select node from known)
            or customer_id in (select customer_id from known)
    """)
    connection.execute(f"""
        insert into {plan.database}.{REGISTRY} (node, customer_id, is_founder, run_number)
        select null, null, false, max(run_number) from kept.{REGISTRY}
    """)
