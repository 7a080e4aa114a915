"""Probabilistic pairs of the slice, and similar profiles outside it, whom matching may now link to somebody else.

A pair's score depends on its two profiles only. So pairs of unchanged profiles are taken from the warehouse, and only
those of changed ones are scored, with all profiles of the warehouse. Which pairs link is then decided as in a full
build.
"""

from typing import Any

import duckdb
import pyarrow as pa

from slices.build import module_of
from slices.plan import Plan
from slices.sql import columns_of, count, value

PAIRS = "int_identity__probabilistic_pairs"
SOURCE_PROFILES = "int_identity__source_profiles"
_PROFILES = f"intermediate.{SOURCE_PROFILES}"
_NAMED = "(first_name is not null or last_name is not null)"


def begin_candidates(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `mates`, `scored_profiles` and `scored_pairs`, which are empty before the first round."""
    connection.execute("create or replace temp table mates (node varchar)")
    connection.execute(
        f"create or replace temp table scored_profiles as select {_compared(connection)} from kept.{_PROFILES} limit 0"
    )
    connection.execute(f"create or replace temp table scored_pairs as from kept.intermediate.{PAIRS} limit 0")


def score_changed_profiles(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Score the profiles of `complete_nodes` that changed, once each, and add those similar to them to `mates`.

    A profile of another identifier may lack records in the slice.
    """
    if not _is_on(plan):
        return
    compared = _compared(connection)
    connection.execute(f"""
        create or replace temp table changed_profiles as
        select {compared} from {plan.database}.{_PROFILES} where node in (from complete_nodes)
        except
        select {compared} from kept.{_PROFILES}
    """)
    connection.execute("""
        create or replace temp table new_profiles as from changed_profiles except from scored_profiles
    """)
    connection.execute("create or replace temp table scored_profiles as from changed_profiles")
    connection.execute("""
        delete from scored_pairs
        where
            left_node in (select node from new_profiles)
            or right_node in (select node from new_profiles)
            or left_node not in (select node from scored_profiles)
            and right_node not in (select node from scored_profiles)
    """)
    if count(connection, "new_profiles"):
        _score(connection, plan)
        connection.execute("insert into scored_pairs by name from scored")
        connection.execute("""
            insert into mates
            select * from (
                select right_node from scored where left_node in (select node from new_profiles)
                union
                select left_node from scored where right_node in (select node from new_profiles)
            )
            except
            from mates
        """)


def decide_pairs(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Create the table of probabilistic pairs in the slice, from kept and scored ones."""
    model = plan.models[PAIRS]
    matching = module_of(model)
    there = f"(select node from {plan.database}.{_PROFILES})"
    limits = connection.execute("""
        select identifier_type, max_values_per_person from kept.seeds.identity_rules
        where max_values_per_person is not null
    """)
    person_limits = dict(limits.fetchall())
    pairs = connection.execute(
        f"""
        select
            * replace (
                case when not starts_with(held_because, $one_person) then held_because end as held_because
            )
        from (
            select * from kept.intermediate.{PAIRS}
            where
                left_node not in (select node from scored_profiles)
                and right_node not in (select node from scored_profiles)
            union all by name
            select * from scored_pairs
        )
        where left_node in {there} and right_node in {there}
        order by match_weight desc, left_node, right_node
        """,
        {"one_person": matching.ONE_OF_A_SOURCE.split("{", maxsplit=1)[0]},
    ).df()
    decided = matching.decided_pairs(pairs, person_limits, float(model.config["link_threshold"]))
    connection.register("decided", pa.Table.from_pandas(decided, preserve_index=False))
    connection.execute(f"create or replace table {plan.database}.{model.table} as from decided")
    connection.unregister("decided")


def _score(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """Make `scored`: the pairs of `new_profiles` with all profiles that are probable enough to review."""
    connection.execute("create or replace temp table scored as from scored_pairs limit 0")
    model = plan.models[PAIRS]
    matching = module_of(model)
    rules = _rows(connection.table("kept.seeds.identity_match_blocking").order("rule_number"))
    levels = _rows(
        connection.table("kept.seeds.identity_match_levels").order("comparison_number, level_number")
    )
    profiles = _profiles_to_score(connection, plan, rules)
    if profiles.num_rows < 2 or not matching.has_candidates(profiles, rules):
        return
    threshold = float(model.config["review_threshold"])
    profiles_in_all = value(connection, "from kept.intermediate.int_identity__match_prior")
    pairs = matching.scored_pairs(profiles, levels, rules, threshold, profiles_in_all)
    connection.register("scored_frame", pairs)
    connection.execute("""
        insert into scored by name
        select * from scored_frame
        where left_node in (select node from new_profiles) or right_node in (select node from new_profiles)
    """)
    connection.unregister("scored_frame")


def _profiles_to_score(
    connection: duckdb.DuckDBPyConnection, plan: Plan, rules: list[dict[str, Any]]
) -> pa.Table:
    """Return `new_profiles` and those that share a blocking value with one, as of after the delivery."""
    columns = module_of(plan.models[PAIRS]).PROFILE_COLUMNS
    connection.execute(f"""
        create or replace temp table compared_profiles as select {columns} from new_profiles where {_NAMED}
    """)
    connection.execute(f"""
        create or replace temp table other_profiles as
        select {columns} from kept.{_PROFILES}
        where node not in (select node from changed_profiles) and {_NAMED}
        union all
        select {columns} from changed_profiles
        where node not in (select node from new_profiles) and {_NAMED}
    """)
    meetings = " union ".join(
        f"select r.node from compared_profiles as l inner join other_profiles as r on {rule['rule']}"
        for rule in rules
    )
    return connection.sql(f"""
        select * from compared_profiles
        union all
        select * from other_profiles where node in ({meetings})
        order by node
    """).to_arrow_table()


def _is_on(plan: Plan) -> bool:
    return str(plan.models[PAIRS].config["is_on"]).lower() == "true"


def _rows(relation: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = relation.to_arrow_table().to_pylist()
    return rows


def _compared(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the columns by which a profile resembles others, and its identifier."""
    return ", ".join(
        name for name in columns_of(connection, f"kept.{_PROFILES}") if name != '"first_seen_at"'
    )
