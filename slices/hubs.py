"""Hubs: identifiers that too many people share, which link nobody. This depends on all people around an identifier.

A slice does not have all records of a hub, so hubs are never computed in it. They are computed here, from all records
around every suspected hub, and copied into the slice.
"""

from datetime import datetime

import duckdb

from slices.build import build_slice
from slices.cut import cut
from slices.plan import Plan
from slices.sql import count

HUBS = "int_identity__hubs"
SUSPECTS = "int_identity__hub_suspects"


def judge_hubs(connection: duckdb.DuckDBPyConnection, plan: Plan, run_at: datetime) -> None:
    """Make `suspects_now` and `hubs_now` as of after the delivery, whose identifiers are in `nodes`."""
    _find_suspects(connection)
    _find_neighbourhoods(connection)
    if not _is_any_hit(connection):
        for now, model in (("suspects_now", SUSPECTS), ("hubs_now", HUBS)):
            connection.execute(f"create or replace temp table {now} as from kept.intermediate.{model}")
        return
    connection.execute("""
        create or replace temp table units_of_hubs as
        select distinct unit from identifiers where node in (from neighbourhood union from suspects)
    """)
    cut(connection, plan, "units_of_hubs")
    build_slice(connection, plan, plan.upstream([HUBS]), run_at)
    for now, model in (("suspects_now", SUSPECTS), ("hubs_now", HUBS)):
        connection.execute(f"create or replace temp table {now} as from {plan.database}.intermediate.{model}")


def _find_suspects(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `suspects`: the known ones, and changed identifiers that occur with too many others."""
    connection.execute("""
        create or replace temp table suspects as
        select node from kept.intermediate.int_identity__hub_suspects
        union
        select one.node
        from identifiers as one
        inner join identifiers as other on one.record_key = other.record_key and other.tier = 1
        inner join kept.seeds.identity_rules as rules on split_part(one.node, ':', 1) = rules.identifier_type
        where one.tier = 1 and one.node in (from nodes) and one.node <> other.node
        group by one.node, rules.max_people_per_value, split_part(other.node, ':', 1)
        having count(distinct other.node) > rules.max_people_per_value
        union
        select node from identifiers
        where tier = 1 and unit like 'support:users:%' and node like 'phone:%' and unit in (from changed)
    """)


def _find_neighbourhoods(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `neighbourhood`: identifiers connected with a suspect, but not through another suspect."""
    connection.execute("""
        create or replace temp table links_around as
        with links as (
            select left_node, right_node from kept.intermediate.int_identity__record_links
            union
            select left_node, right_node from changed_links
        )
        select left_node as node, right_node as neighbour from links
        union
        select right_node, left_node from links
    """)
    connection.execute("""
        create or replace temp table neighbourhood as
        with recursive reached (node) as (
            select neighbour from links_around where node in (from suspects)
            union
            select links_around.neighbour
            from reached inner join links_around using (node)
            where
                reached.node in (from nodes)
                or reached.node not in (select node from kept.intermediate.int_identity__hub_suspects)
        )
        select node from reached
    """)


def _is_any_hit(connection: duckdb.DuckDBPyConnection) -> bool:
    hit = "nodes where node in (from suspects) or node in (from neighbourhood)"
    return count(connection, hit) > 0


def find_flips(connection: duckdb.DuckDBPyConnection) -> None:
    """Add to `nodes` all identifiers of records with an identifier that becomes or ceases to be a hub."""
    connection.execute("""
        insert into nodes
        select distinct node from identifiers
        where tier = 1 and record_key in (
            select record_key from identifiers where node in (
                (select node from hubs_now except select node from kept.intermediate.int_identity__hubs)
                union
                (select node from kept.intermediate.int_identity__hubs except select node from hubs_now)
            )
        )
        except from nodes
    """)
