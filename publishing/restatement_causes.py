"""Why figures of closed days changed: from records and identities of these days, and from other inputs."""

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from publishing.catalog import Mart, Restated
from publishing.since import Since
from storage.sql import identifier

# The inputs of a version other than records: seeds and project by their hash, stewards' decisions by row.
Basis = Mapping[str, Any]
PROJECT, SEEDS, DECISIONS = "project", "seeds", "decisions"
_DECISION = "hash(decisions)::varchar"


def read_basis(connection: duckdb.DuckDBPyConnection) -> Basis:
    """Read the inputs of the warehouse, as far as they are recorded."""
    basis: dict[str, Any] = {}
    if _has(connection, "slices", "build", "digest"):
        rows = connection.execute("select digest from warehouse.slices.build").fetchall()
        basis[PROJECT] = "".join(digest for (digest,) in rows)
    if _has(connection, "slices", "tables_seen"):
        rows = connection.execute(
            "select name, content::varchar from warehouse.slices.tables_seen"
        ).fetchall()
        basis[SEEDS] = dict(sorted(rows))
    if _has(connection, "seeds", "identity_decisions"):
        rows = connection.execute(
            f"select {_DECISION} from warehouse.seeds.identity_decisions as decisions order by 1"
        ).fetchall()
        basis[DECISIONS] = [row for (row,) in rows]
    return basis


def changes_of_basis(before: Basis, now: Basis) -> list[str]:
    """Return the causes that affect every day: changed seeds, or else the project."""
    old, new = before.get(SEEDS, {}), now.get(SEEDS, {})
    seeds = [f"seed:{name}" for name in sorted(new) if old and old.get(name) != new[name]]
    # Seeds are a part of the project.
    project = before.get(PROJECT) and now.get(PROJECT) and before[PROJECT] != now[PROJECT]
    return seeds or ([PROJECT] if project else [])


def find_causes(
    connection: duckdb.DuckDBPyConnection,
    marts: Sequence[Mart],
    published: Mapping[str, set[str]],
    of_everything: Sequence[str],
    before: Basis,
    since: Since | None,
) -> None:
    """Make `causes` (mart, date, cause) for the rows of `changed`; with `since`, from the rows that it names."""
    connection.execute(
        "create or replace temp table evidence (customer_id varchar, date date, cause varchar)"
    )
    connection.execute("create or replace temp table reasons (mart varchar, date date, cause varchar)")
    if "fct_touchpoints" in published and "identity_history" in published:
        _find_identity_changes(connection, before)
        _find_evidence(connection, since)
    for mart in marts:
        if mart.restated and "customer_id" in published[mart.name]:
            _ask_customers(connection, mart, mart.restated, since)
    for mart in marts:
        if "customer_id" not in published[mart.name]:
            connection.execute(
                """
                insert into reasons
                select ?, date, cause from evidence where date is not null
                union
                select ?, date, cause from reasons
                """,
                [mart.name, mart.name],
            )
    connection.execute(
        """
        create or replace temp table causes as
        select mart, date, string_agg(cause, ', ' order by cause) as cause
        from (
            select distinct mart, date, cause from reasons
            union
            select distinct mart, date, unnest(?::varchar[]) from changed
        )
        group by mart, date
        """,
        [list(of_everything)],
    )


def _find_identity_changes(connection: duckdb.DuckDBPyConnection, before: Basis) -> None:
    """Make `identity_changes` (customer_id, cause): customers merged or split since, by old and new id."""
    connection.execute("create or replace temp table decided (customer_id varchar)")
    if _has(connection, "seeds", "identity_decisions") and _has(
        connection, "intermediate", "int_identity__values"
    ):
        connection.execute(
            f"""
            insert into decided
            select map.customer_id
            from (
                select unnest([left_type, right_type]) as kind, unnest([left_value, right_value]) as value
                from warehouse.seeds.identity_decisions as decisions
                where {_DECISION} not in (select unnest(?::varchar[]))
            ) as decided
            left join warehouse.intermediate.int_identity__values as known
                on decided.kind = known.identifier_type and decided.value = known.raw_value
            inner join warehouse.marts.identity_map as map
                on decided.kind = map.identifier_type
                and coalesce(known.identifier_value, decided.value) = map.identifier_value
            """,
            [before.get(DECISIONS, [])],
        )
    connection.execute("""
        create or replace temp table identity_changes as
        with news as (
            select
                previous_customer_id as old_id, customer_id as new_id,
                case when change_type = 'merged' then 'merge' else 'split' end as cause
            from warehouse.marts.identity_history
            where change_type in ('merged', 'split')
                and run_number > (select coalesce(max(run_number), 0) from before.identity_history)
        )
        select distinct
            unnest([old_id, new_id]) as customer_id,
            case
                when old_id in (from decided) or new_id in (from decided) then 'decision' else cause
            end as cause
        from news
    """)


def _find_evidence(connection: duckdb.DuckDBPyConnection, since: Since | None) -> None:
    """Fill `evidence` with touchpoints that were added, removed or have another customer than before."""
    gone = "removed_record"
    if _has(connection, "rights", "erasures"):
        ((is_erased,),) = connection.execute(
            "select count(*) > 0 from warehouse.rights.erasures"
            " where erased_at > (select max(published_at) from before.publication)"
        ).fetchall()
        gone = "erasure" if is_erased else gone
    old, new = _sides("fct_touchpoints", since)
    connection.execute(f"""
        create or replace temp table moved as
        select
            old.customer_id as old_id, new.customer_id as new_id,
            coalesce(new.local_date, old.local_date) as date,
            old.touchpoint_id is null as is_new, new.touchpoint_id is null as is_gone
        from {old} as old
        full join {new} as new on old.touchpoint_id = new.touchpoint_id
        where
            (
                old.touchpoint_id is null or new.touchpoint_id is null
                or old.customer_id is distinct from new.customer_id
            )
            -- An arrival is not a record: it exists only with the session that it begins.
            and not ends_with(coalesce(new.touchpoint_id, old.touchpoint_id), ':arrival')
    """)
    connection.execute(f"""
        insert into evidence
        select new_id, date, 'late_record' from moved where is_new
        union
        select old_id, date, '{gone}' from moved where is_gone
        union
        select unnest([old_id, new_id]), date, coalesce(one.cause, other.cause, 'identity')
        from moved
        left join identity_changes as one on moved.old_id = one.customer_id
        left join identity_changes as other on moved.new_id = other.customer_id
        where not is_new and not is_gone
        union
        select customer_id, null, cause from identity_changes
    """)


def _ask_customers(
    connection: duckdb.DuckDBPyConnection, mart: Mart, restated: Restated, since: Since | None
) -> None:
    """Fill `reasons` with what happened to the customers whose own figures of a changed day differ.

    Events of the day itself count; if there are none, events of these customers on other days.
    """
    old, new = (_of_customers(side, restated) for side in _sides(mart.name, since))
    connection.execute(
        f"""
        insert into reasons
        with others as (
            select distinct date, customer_id from (({old} except {new}) union all ({new} except {old}))
            where date in (select date from changed where mart = $mart)
        ),
        found as (
            select
                others.date, evidence.cause, evidence.date is not distinct from others.date as is_of_day,
                bool_or(is_of_day) over (partition by others.date, others.customer_id) as has_of_day
            from others inner join evidence on others.customer_id is not distinct from evidence.customer_id
        )
        select distinct
            $mart, date, case when not is_of_day and cause = 'late_record' then 'later_record' else cause end
        from found
        where is_of_day or not has_of_day
        """,
        {"mart": mart.name},
    )


def _sides(mart: str, since: Since | None) -> tuple[str, str]:
    """Return SQL of the rows of a mart that can differ, in the version before and in the warehouse."""
    replaced = since.replaced(mart) if since else ""
    where = f" where {replaced}" if replaced else ""
    table = identifier(mart)
    return f"(select * from before.{table}{where})", f"(select * from warehouse.marts.{table}{where})"


def _of_customers(table: str, restated: Restated) -> str:
    figures = ", ".join(restated.figures.values())
    day = f"cast({identifier(restated.date)} as date) as date"
    return f"select {day}, customer_id, {figures} from {table} group by date, customer_id"


def _has(connection: duckdb.DuckDBPyConnection, schema: str, table: str, column: str = "%") -> bool:
    found = connection.execute(
        "select 1 from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = ? and table_name = ? and column_name like ?",
        [schema, table, column],
    )
    return bool(found.fetchall())
