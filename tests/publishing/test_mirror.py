"""The mirror in a real PostgreSQL server: copied rows, kept grants and views, concurrent readers."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from publishing import Publication, PublishError
from publishing.mirror import mirror
from tests.postgres import temporary_postgres
from tests.publishing.conftest import COLUMNS, manifest_of, rows

Publish = Callable[..., Publication]
Change = Callable[[str], None]

EVERY_TYPE: dict[str, list[tuple[str, str, str | None]]] = {
    "fct_orders": [
        ("order_id", "varchar", None),
        ("net_total", "decimal(28,4)", None),
        ("share", "double", None),
        ("lines", "integer", None),
        ("paid", "boolean", None),
        ("ordered_at", "timestamp", None),
        ("local_date", "date", None),
        ("tags", "varchar[]", None),
    ]
}
HOSTILE = """
create or replace table marts.fct_orders (
    order_id varchar, net_total decimal(28, 4), share double, lines integer, paid boolean, ordered_at timestamp,
    local_date date, tags varchar[]
);
insert into marts.fct_orders values
    ('a "quoted", text' || chr(10) || chr(92) || '. ' || chr(92) || 'N', 123456789012345678901234.5678, 0.1, 1, true,
     '2026-10-31 23:59:59.999999', '2026-10-31', ['x', null, 'é"']),
    ('', -0.0001, 'infinity', null, false, null, null, []),
    (null, null, null, null, null, null, null, null),
    ('Zoë 🛒', 0, 1e-300, -2147483648, null, '1970-01-01', '0001-01-01', null)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with temporary_postgres() as url:
        yield url


@pytest.fixture
def database(server: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """A connection to the server's database, without the schema `marts`."""
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("drop schema if exists marts cascade")
        yield connection


def test_every_type_arrives_as_it_was(
    server: str,
    database: psycopg.Connection[tuple[Any, ...]],
    publish_again: Publish,
    change: Change,
    manifest: Path,
    marts: Path,
) -> None:
    change(HOSTILE)
    manifest.write_text(manifest_of(EVERY_TYPE))
    version = publish_again().version
    found = mirror(marts, server)
    assert (found.status, found.version) == ("mirrored", version)
    query = "select * from marts.fct_orders order by lines nulls first, order_id nulls first"
    arrived = database.execute(query).fetchall()
    assert arrived == rows(marts, query)
    assert [type(value) for value in arrived[-1]] == [
        str, Decimal, float, int, bool, datetime, date, list
    ]  # fmt: skip
    types = "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'marts.fct_orders'::regclass"
    assert [name for (name,) in database.execute(f"{types} and attnum > 0 order by attnum")] == [
        "text",
        "numeric(28,4)",
        "double precision",
        "integer",
        "boolean",
        "timestamp without time zone",
        "date",
        "jsonb",
    ]
    described = "select obj_description('marts.fct_orders'::regclass), col_description('marts.fct_orders'::regclass, 2)"
    assert database.execute(described).fetchone() == (
        "One row per row of fct_orders; it's described.",
        "The net_total.",
    )
    published = "select version, is_complete, sources, row_counts from marts.publication"
    assert database.execute(published).fetchall() == [
        (version, True, {"web": "loaded", "store": "not_configured"}, {"fct_orders": 4, "restatements": 0})
    ]


def test_the_same_version_is_not_copied_again(
    server: str, database: psycopg.Connection[tuple[Any, ...]], publish_again: Publish, marts: Path
) -> None:
    publish_again()
    mirror(marts, server)
    written = "select xmin::text, ctid::text from marts.fct_orders order by 2"
    before = database.execute(written).fetchall()
    assert mirror(marts, server).status == "unchanged"
    assert database.execute(written).fetchall() == before
    database.execute("drop table marts.dim_customers")
    assert mirror(marts, server).status == "mirrored"
    assert database.execute("select count(*) from marts.dim_customers").fetchone() == (2,)


def test_views_and_rights_survive_and_a_reader_sees_one_version(
    server: str,
    database: psycopg.Connection[tuple[Any, ...]],
    publish_again: Publish,
    change: Change,
    marts: Path,
) -> None:
    publish_again()
    mirror(marts, server)
    database.execute("create or replace view public.orders as select order_id from marts.fct_orders")
    database.execute("grant select on marts.fct_orders to public")
    change(
        "insert into marts.fct_orders values ('o3', 'c2', 1); delete from marts.dim_customers where orders = 0"
    )
    publish_again()
    both = "select (select count(*) from marts.fct_orders), (select count(*) from marts.dim_customers)"
    with psycopg.connect(server.replace("+psycopg", "")) as reader:
        reader.execute("set transaction isolation level repeatable read")
        assert reader.execute(both).fetchone() == (2, 2)
        mirror(marts, server)
        assert reader.execute(both).fetchone() == (2, 2)
        reader.commit()
        assert reader.execute(both).fetchone() == (3, 1)
    assert database.execute("select count(*) from public.orders").fetchone() == (3,)
    assert database.execute(
        "select has_table_privilege('pg_monitor', 'marts.fct_orders', 'select')"
    ).fetchone() == (True,)
    database.execute("drop view public.orders")


def test_a_copy_that_stops_leaves_the_version_before(
    server: str,
    database: psycopg.Connection[tuple[Any, ...]],
    publish_again: Publish,
    change: Change,
    marts: Path,
) -> None:
    first = publish_again().version
    mirror(marts, server)
    database.execute("alter table marts.fct_orders add check (net_total < 100)")
    change("insert into marts.fct_orders values ('o3', 'c2', 100); delete from marts.dim_customers")
    publish_again()
    with pytest.raises(PublishError, match="violates check constraint"):
        mirror(marts, server)
    assert database.execute("select version from marts.publication").fetchone() == (first,)
    assert database.execute("select count(*) from marts.dim_customers").fetchone() == (2,)


def test_tables_and_columns_follow_the_publication_and_others_stay(
    server: str,
    database: psycopg.Connection[tuple[Any, ...]],
    publish_again: Publish,
    change: Change,
    manifest: Path,
    marts: Path,
) -> None:
    publish_again()
    mirror(marts, server)
    database.execute("create table marts.targets (goal bigint)")
    manifest.write_text(manifest_of({"dim_customers": COLUMNS["dim_customers"][:1]}))
    change("drop table marts.fct_orders")
    change("create or replace table marts.dim_customers as select customer_id from marts.dim_customers")
    publish_again()
    mirror(marts, server)
    tables = "select tablename from pg_tables where schemaname = 'marts' order by 1"
    left = [("dim_customers",), ("publication",), ("restatements",), ("targets",)]
    assert database.execute(tables).fetchall() == left
    assert database.execute("select * from marts.dim_customers order by 1").fetchall() == [("c1",), ("c2",)]


def test_a_schema_of_somebody_else_is_left_alone(
    server: str, database: psycopg.Connection[tuple[Any, ...]], publish_again: Publish, marts: Path
) -> None:
    publish_again()
    database.execute("create schema marts; create table marts.fct_orders (theirs text)")
    with pytest.raises(PublishError, match="no mirror wrote"):
        mirror(marts, server)
    assert database.execute("select * from marts.fct_orders").fetchall() == []


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://throughline:hunter2@127.0.0.1:1/store",
        "postgresql://throughline:x@hunter2@127.0.0.1:1/store",
        "postgresql://throughline:hunter2/x@127.0.0.1:1/store",
        "postgresql://throughline:1/hunter2@127.0.0.1:1/store",
        "postgresql://throughline:hunter2%zz@127.0.0.1:1/store",
        "mysql://throughline:hunter2@127.0.0.1:1/store",
        "hunter2",
        "",
    ],
)
def test_no_message_shows_the_password(publish_again: Publish, marts: Path, url: str) -> None:
    publish_again()
    done = subprocess.run(
        [sys.executable, "-m", "publishing", "mirror"],
        env=os.environ | {"URL": url, "MARTS_PATH": str(marts)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(("The mirror stopped: ", "URL has to be "))
    assert len(done.stderr.splitlines()) == 1
    assert "hunter2" not in done.stdout + done.stderr
