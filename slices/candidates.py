"""Profiles similar to changed ones: people whom probabilistic matching may now link to somebody else."""

from datetime import datetime

import duckdb

from slices.build import build_slice, module_of
from slices.cut import cut
from slices.identity import GIVEN, give_hubs
from slices.plan import Plan
from slices.sql import columns_of, count, value

PAIRS = "int_identity__probabilistic_pairs"
SOURCE_PROFILES = "int_identity__source_profiles"
PROFILES = f"intermediate.{SOURCE_PROFILES}"
# Pairs of profiles below this score cannot affect each other.
LEAST_PROBABILITY = 0.5


def find_mates_of_delivered(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Add to `mates` the profiles that are similar to the changed profile of an identifier in `nodes`.

    The first comparison would find them too, but then another round would be needed.
    """
    connection.execute("""
        create or replace temp table profile_units as
        select unit from evidence where node in (from nodes)
        union
        from changed
    """)
    cut(connection, plan, "profile_units")
    give_hubs(connection, plan)
    build_slice(connection, plan, plan.upstream([SOURCE_PROFILES]) - GIVEN, run_at)
    connection.execute("create or replace temp table complete_nodes as from nodes")
    find_mates(connection, plan)


def find_mates(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Add to `mates` the profiles that are similar to a changed profile of the slice."""
    compared = ", ".join(
        name for name in columns_of(connection, f"kept.{PROFILES}") if name != '"first_seen_at"'
    )
    connection.execute(f"""
        create or replace temp table changed_profiles as
        select node from (
            select {compared} from {plan.database}.{PROFILES} where node in (from complete_nodes)
            except
            select {compared} from kept.{PROFILES}
        )
    """)
    if not count(connection, "changed_profiles"):
        return
    matching = module_of(plan.models[PAIRS])
    rules = (
        connection.table("kept.seeds.identity_match_blocking")
        .order("rule_number")
        .to_arrow_table()
        .to_pylist()
    )
    levels = connection.table("kept.seeds.identity_match_levels").order("comparison_number, level_number")
    named = "(first_name is not null or last_name is not null)"
    connection.execute(f"""
        create or replace temp table compared_profiles as
        select {matching.PROFILE_COLUMNS} from {plan.database}.{PROFILES}
        where node in (from changed_profiles) and {named}
    """)
    connection.execute(f"""
        create or replace temp table other_profiles as
        select {matching.PROFILE_COLUMNS} from kept.{PROFILES}
        where node not in (from changed_profiles) and {named}
    """)
    meetings = " union ".join(
        f"select r.node from compared_profiles as l inner join other_profiles as r on {rule['rule']}"
        for rule in rules
    )
    profiles = connection.sql(f"""
        select * from compared_profiles
        union all
        select * from other_profiles where node in ({meetings})
        order by node
    """).to_arrow_table()
    if profiles.num_rows < 2 or not matching.has_candidates(profiles, rules):
        return
    profiles_in_all = value(connection, "from kept.intermediate.int_identity__match_prior")
    pairs = matching.scored_pairs(
        profiles, levels.to_arrow_table().to_pylist(), rules, LEAST_PROBABILITY, profiles_in_all
    )
    connection.register("scored", pairs[["left_node", "right_node"]])
    connection.execute("""
        insert into mates
        select * from (
            select cast(right_node as varchar) as node from scored where left_node in (from changed_profiles)
            union
            select cast(left_node as varchar) from scored where right_node in (from changed_profiles)
        )
        except
        from mates
    """)
    connection.unregister("scored")
