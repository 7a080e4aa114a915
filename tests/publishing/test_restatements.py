"""The ledger of restatements: which figures of closed days changed between two publications, and why."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publishing import Publication, PublishError, publish, rollback
from tests.publishing.conftest import manifest_of, rows

MONDAY = datetime(2026, 6, 1, 6, tzinfo=UTC)
COLUMNS: dict[str, list[tuple[str, str, str | None]]] = {
    "fct_orders": [
        (name, kind, None)
        for name, kind in {
            "order_id": "varchar",
            "customer_id": "varchar",
            "ordered_on": "date",
            "net_revenue": "decimal(18,4)",
        }.items()
    ],
    "mart_channel_performance": [
        ("date", "date", None),
        ("channel", "varchar", None),
        ("sessions", "bigint", None),
    ],
    "fct_touchpoints": [
        ("touchpoint_id", "varchar", None),
        ("customer_id", "varchar", None),
        ("local_date", "date", None),
    ],
    "identity_history": [
        (name, kind, None)
        for name, kind in {
            "customer_id": "varchar",
            "previous_customer_id": "varchar",
            "change_type": "varchar",
            "run_number": "integer",
        }.items()
    ],
    "identity_map": [
        (name, "varchar", None) for name in ("identifier_type", "identifier_value", "customer_id")
    ],
}
RESTATED = {
    "fct_orders": {"date": "ordered_on", "count": "orders", "sums": ["net_revenue"]},
    "mart_channel_performance": {"date": "date", "sums": ["sessions"]},
}
WAREHOUSE = """
    create schema marts;
    create table marts.fct_orders as from (values
        ('o1', 'ana', date '2026-05-20', 10.5::decimal(18, 4)), ('o2', 'bea', date '2026-05-20', 20),
        ('o3', 'ana', date '2026-05-30', 5)
    ) as t (order_id, customer_id, ordered_on, net_revenue);
    create table marts.mart_channel_performance as from (values
        (date '2026-05-20', 'web', 2::bigint), (date '2026-05-21', 'web', 0)
    ) as t (date, channel, sessions);
    create table marts.fct_touchpoints as from (values
        ('t1', 'ana', date '2026-05-20'), ('t2', 'bea', date '2026-05-20'), ('t3', 'ana', date '2026-05-30')
    ) as t (touchpoint_id, customer_id, local_date);
    create table marts.identity_history as from (values
        ('ana', null::varchar, 'founded', 1), ('bea', null, 'founded', 1)
    ) as t (customer_id, previous_customer_id, change_type, run_number);
    create table marts.identity_map as from (values
        ('email', 'ana@example.org', 'ana'), ('email', 'bea@example.org', 'bea')
    ) as t (identifier_type, identifier_value, customer_id);
    create schema intermediate;
    create table intermediate.int_identity__values as from (values ('email', 'Bea@example.org', 'bea@example.org'))
        as t (identifier_type, raw_value, identifier_value);
    create schema seeds;
    create table seeds.identity_decisions
        (left_type varchar, left_value varchar, right_type varchar, right_value varchar, decision varchar);
    create schema slices;
    create table slices.build as select 'one' as build_id, 'digest' as digest;
    create table slices.merged (merge_number integer, customer_id varchar);
    create table slices.merged_marts as select unnest(['fct_orders', 'fct_touchpoints']) as mart;
    create table slices.tables_seen as
        from (values ('exchange_rates', 7::hugeint), ('channels', 8)) as t (name, content);
"""
OF_CUSTOMERS = """
    select customer_id, hash(orders) as content from marts.fct_orders as orders
    union all
    select customer_id, hash(touchpoints) from marts.fct_touchpoints as touchpoints
"""
MERGED = f"""
    insert into slices.merged
    select distinct (select 1 + coalesce(max(merge_number), 0) from slices.merged), customer_id
    from (({OF_CUSTOMERS} except all from was) union all (from was except all {OF_CUSTOMERS}))
"""
LATE_ORDER = """
    insert into marts.fct_orders values ('o4', 'bea', date '2026-05-20', 7);
    insert into marts.fct_touchpoints values ('t4', 'bea', date '2026-05-20');
"""
# Bea turns out to be Ana.
MERGE = """
    update marts.fct_orders set customer_id = 'ana';
    update marts.fct_touchpoints set customer_id = 'ana';
    update marts.identity_map set customer_id = 'ana';
    insert into marts.identity_history values ('ana', 'bea', 'merged', 2);
    update marts.mart_channel_performance set sessions = 1 where sessions = 2;
"""
DECISION = """
    insert into seeds.identity_decisions values ('email', 'ana@example.org', 'email', 'Bea@example.org', 'same');
"""
LEDGER = """
    select date::varchar, mart, measure, value_before::double, value_after::double, cause
    from restatements order by restated_at, date, mart, measure
"""
Publish = Callable[..., Publication]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute(WAREHOUSE)
    return path


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    content = json.loads(manifest_of(COLUMNS))
    for node in content["nodes"].values():
        if node["alias"] in RESTATED:
            node["config"]["meta"] = {"restated": RESTATED[node["alias"]]}
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(content))
    return path


@pytest.fixture(params=["everything", "by slices"])
def published(warehouse: Path, manifest: Path, marts: Path, request: pytest.FixtureRequest) -> Publish:
    """Publish with the clock so many days after Monday, after a change of the warehouse."""

    def run(days: int, sql: str = "") -> Publication:
        with closing(duckdb.connect(warehouse)) as connection:
            connection.execute(f"create temp table was as {OF_CUSTOMERS}")
            connection.execute(sql or "select 1")
            connection.execute(
                MERGED if request.param == "by slices" else "drop table if exists slices.merged"
            )
        return publish(
            warehouse=warehouse,
            marts=marts,
            manifest=manifest,
            run_at=MONDAY + timedelta(days=days),
            sources={"web": "loaded"},
            key="k",
        )

    return run


def ledger(marts: Path) -> list[tuple[Any, ...]]:
    return rows(marts, LEDGER)


def test_the_first_publication_restates_nothing(published: Publish, marts: Path) -> None:
    assert published(0).row_counts["restatements"] == 0
    assert ledger(marts) == []


def test_a_run_that_changes_nothing_restates_nothing(published: Publish, marts: Path) -> None:
    published(0)
    assert published(1).status == "unchanged"
    assert ledger(marts) == []


def test_a_day_that_was_not_closed_is_not_restated(published: Publish, marts: Path) -> None:
    published(0)
    # On Monday in UTC, Sunday was not over everywhere.
    published(1, "insert into marts.fct_orders values ('o5', 'ana', date '2026-05-31', 1)")
    assert ledger(marts) == []
    published(2, "insert into marts.fct_orders values ('o6', 'ana', date '2026-05-31', 1)")
    assert [row[0] for row in ledger(marts)] == ["2026-05-31", "2026-05-31"]


def test_a_late_record_restates_its_day(published: Publish, marts: Path) -> None:
    first = published(0)
    second = published(1, LATE_ORDER)
    assert ledger(marts) == [
        ("2026-05-20", "fct_orders", "net_revenue", 30.5, 37.5, "late_record"),
        ("2026-05-20", "fct_orders", "orders", 2, 3, "late_record"),
    ]
    assert rows(marts, "select distinct version, previous_version, restated_at from restatements") == [
        (second.version, first.version, datetime(2026, 6, 2, 6))
    ]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (MERGE, "merge"),
        (MERGE.replace("merged", "split"), "split"),
        (MERGE + DECISION, "decision"),
        (MERGE.replace("insert into marts.identity_history", "-- "), "identity"),
        (LATE_ORDER + MERGE, "late_record, merge"),
    ],
)
def test_who_is_who_restates_the_days_of_their_records(
    published: Publish, marts: Path, change: str, cause: str
) -> None:
    published(0)
    published(1, change)
    assert [row for row in ledger(marts) if row[2] == "sessions"] == [
        ("2026-05-20", "mart_channel_performance", "sessions", 2, 1, cause)
    ]


def test_a_decision_that_was_there_before_is_no_cause(published: Publish, marts: Path) -> None:
    published(0, DECISION)
    published(1, MERGE)
    assert {row[5] for row in ledger(marts)} == {"merge"}


def test_a_return_of_today_restates_the_day_of_its_order(published: Publish, marts: Path) -> None:
    published(0)
    published(
        1,
        """
        update marts.fct_orders set net_revenue = 0 where order_id = 'o1';
        insert into marts.fct_touchpoints values ('t5', 'ana', date '2026-06-02');
        """,
    )
    assert ledger(marts) == [("2026-05-20", "fct_orders", "net_revenue", 30.5, 20, "later_record")]


def test_what_goes_and_what_was_changed_beside_records(published: Publish, marts: Path) -> None:
    published(0)
    # On Monday, Saturday was closed.
    published(
        1,
        """
        delete from marts.fct_orders where order_id = 'o3';
        delete from marts.fct_touchpoints where touchpoint_id = 't3'
        """,
    )
    for days, also in [
        (2, "update slices.build set digest = 'b'"),
        (3, "update slices.tables_seen set content = 1"),
        (4, ""),
    ]:
        published(days, f"update marts.fct_orders set net_revenue = {9 + days} where order_id = 'o1'; {also}")
    assert [(row[0], row[2], row[4], row[5]) for row in ledger(marts)] == [
        ("2026-05-30", "net_revenue", 0, "removed_record"),
        ("2026-05-30", "orders", 0, "removed_record"),
        ("2026-05-20", "net_revenue", 31, "project"),
        ("2026-05-20", "net_revenue", 32, "seed:channels, seed:exchange_rates"),
        ("2026-05-20", "net_revenue", 33, "unknown"),
    ]


def test_an_erasure_is_named(published: Publish, marts: Path) -> None:
    published(0)
    published(
        1,
        """
        create schema rights;
        create table rights.erasures as select now() + interval 1 hour as erased_at;
        delete from marts.fct_orders where order_id = 'o3';
        delete from marts.fct_touchpoints where touchpoint_id = 't3'
        """,
    )
    assert {row[5] for row in ledger(marts)} == {"erasure"}


def test_after_a_rollback_figures_are_compared_with_what_is_published(
    published: Publish, marts: Path
) -> None:
    first = published(0)
    published(1, LATE_ORDER)
    rollback(marts)
    assert ledger(marts) == []
    published(2, "update marts.fct_orders set net_revenue = 8 where order_id = 'o4'")
    assert [row[3:5] for row in ledger(marts)] == [(30.5, 38.5), (2, 3)]
    assert rows(marts, "select distinct previous_version from restatements") == [(first.version,)]


def test_a_figure_that_was_not_published_before_is_not_restated(
    published: Publish, marts: Path, manifest: Path
) -> None:
    published(0)
    content = json.loads(manifest.read_text())
    node = content["nodes"]["model.throughline.fct_orders"]
    node["columns"]["tax"] = {**node["columns"]["net_revenue"], "name": "tax"}
    node["config"]["meta"] = {"restated": {"date": "ordered_on", "sums": ["tax"]}}
    manifest.write_text(json.dumps(content))
    published(1, "alter table marts.fct_orders add column tax decimal(18, 4) default 3")
    assert ledger(marts) == []


def test_a_column_that_is_not_there_is_an_error(published: Publish, manifest: Path) -> None:
    manifest.write_text(manifest.read_text().replace('"sums": ["sessions"]', '"sums": ["visits"]'))
    with pytest.raises(PublishError, match=r"mart_channel_performance: config.meta.restated names visits"):
        published(0)
