"""After a slice only the rows of the customers whom it touched are published again, with the same result as all."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from publishing import Publication, kept_versions, rollback
from tests.publishing.conftest import COLUMNS, RUN_AT, manifest_of, rows

Publish = Callable[..., Publication]
Change = Callable[[str], None]
BUILT = """
create schema slices;
create table slices.build as select 'one' as build_id;
create table slices.merged (merge_number integer, customer_id varchar);
create table slices.merged_marts as select unnest(['dim_customers', 'fct_orders']) as mart;
"""
CHANNELS: dict[str, list[tuple[str, str, str | None]]] = {
    "mart_channels": [("channel", "varchar", None), ("orders", "bigint", None)]
}
TABLES = (*COLUMNS, "mart_channels", "publication")
# An order without a recorded change is noticed only if everything is read.
UNNOTED = "insert into marts.fct_orders values ('unnoted', 'c2', 7)"


@pytest.fixture
def built(change: Change, manifest: Path) -> None:
    """A full build after which slices follow."""
    change(BUILT)
    change("create table marts.mart_channels as select 'web' as channel, 2 as orders")
    manifest.write_text(manifest_of({**COLUMNS, **CHANNELS}))


def merged(*customers: str | None) -> str:
    values = ", ".join(f"({'null' if customer is None else repr(customer)})" for customer in customers)
    return f"""
        insert into slices.merged
        select (select coalesce(max(merge_number), 0) + 1 from slices.merged), * from (values {values})
    """


def same(one: Publication, other: Publication) -> bool:
    """Whether two publications are alike in every table, comment and checksum."""
    comments = "select table_name, column_name, comment from duckdb_columns() order by all"
    hidden = "exclude (version, run_at, published_at)"
    return (
        one.content_checksum == other.content_checksum
        and rows(one.marts, comments) == rows(other.marts, comments)
        and all(
            rows(one.marts, f"select * {part} from {table} order by all")
            == rows(other.marts, f"select * {part} from {table} order by all")
            for table in TABLES
            for part in [hidden if table == "publication" else ""]
        )
    )


def some_change(chance: random.Random, number: int) -> str:
    """Change rows of some customers or without a customer, and tables of everybody; record the customers."""
    customer = f"c{chance.randint(1, 6)}"
    text = chance.choice(["plain", "call +1 312 555 0143", f"mail c{number}@example.org", "100 %"])
    return chance.choice(
        [
            f"insert into marts.fct_orders values ('o{number} {text}', '{customer}', {number});"
            + merged(customer),
            f"insert into marts.fct_orders values ('o{number}', null, {number});" + merged(None),
            f"delete from marts.fct_orders where customer_id = '{customer}';" + merged(customer, "c1"),
            "update marts.fct_orders set customer_id = 'c1' where customer_id is null;" + merged("c1"),
            f"update marts.dim_customers set notes = '{text}' where customer_id = 'c1';" + merged("c1"),
            f"update marts.mart_channels set orders = {number};" + merged(None),
            merged(customer),
        ]
    )


@pytest.mark.parametrize(
    "seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 8))]
)
@pytest.mark.usefixtures("built")
def test_any_slices_are_published_as_a_whole_build_would_be(
    publish_again: Publish, change: Change, marts: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    publish_again()
    for number in range(1, 7):
        for step in range(chance.randint(1, 3)):
            change(some_change(chance, 10 * number + step))
        if chance.random() < 0.4 and len(kept_versions(marts)[1]) > 1:
            rollback(marts)
        # A new place has no version to begin with.
        whole = publish_again(marts=tmp_path / f"whole {number}" / "marts.duckdb")
        assert same(publish_again(run_at=RUN_AT + timedelta(minutes=number)), whole)


@pytest.mark.usefixtures("built")
def test_rows_of_the_others_are_not_read(publish_again: Publish, change: Change) -> None:
    publish_again()
    change(UNNOTED + ";" + merged("c1") + "; update marts.fct_orders set net_total = 5 where order_id = 'o1'")
    published = publish_again()
    assert rows(published.marts, "select order_id from fct_orders order by all") == [("o1",), ("o2",)]
    assert rows(published.marts, "select net_total from fct_orders where order_id = 'o1'") == [(5,)]


@pytest.mark.parametrize(
    ("sql", "changes"),
    [
        ("update slices.build set build_id = 'two'", {}),
        ("drop schema slices cascade", {}),
        ("select 1", {"key": "salt"}),
        ("select 1", {"publish_pii": True}),
    ],
    ids=["another build", "no slices", "another key", "personal data as it is"],
)
@pytest.mark.usefixtures("built")
def test_everything_is_published_again_after(
    publish_again: Publish, change: Change, sql: str, changes: dict[str, object]
) -> None:
    publish_again()
    change(UNNOTED + ";" + sql)
    assert rows(publish_again(**changes).marts, "select count(*) from fct_orders") == [(3,)]


@pytest.mark.usefixtures("built")
def test_a_version_that_was_altered_is_not_begun_with(publish_again: Publish, change: Change) -> None:
    first = publish_again()
    kept = next(first.marts.with_name("marts_versions").glob("marts-*.duckdb"))
    kept.chmod(0o644)
    with kept.open("r+b") as file:
        file.seek(20_000)
        file.write(b"something else")
    change(UNNOTED)
    assert rows(publish_again().marts, "select count(*) from fct_orders") == [(3,)]
