"""Parquet files with the content of a kept version are linked; others are written."""

import errno
import json
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from publishing import Publication, PublishError, kept_versions, rollback
from tests.publishing.conftest import COLUMNS, RUN_AT, manifest_of, rows

Publish = Callable[..., Publication]
Change = Callable[[str], None]
ADD_AN_ORDER = "insert into marts.fct_orders values ('o3', 'c2', 1)"


def file_of(publication: Publication, table: str) -> Path:
    """The Parquet file of a version, also after another one has been published."""
    versions = publication.marts.with_name(f"{publication.marts.stem}_versions")
    return versions / f"parquet-{publication.version}" / f"{table}.parquet"


def share(one: Publication, other: Publication, table: str) -> bool:
    return file_of(one, table).samefile(file_of(other, table))


def written_over(file: Path) -> None:
    """Write into the file in place."""
    file.chmod(0o644)
    with file.open("r+b") as opened:
        opened.seek(8)
        opened.write(b"something else")


def test_only_what_changed_is_written(publish_again: Publish, change: Change, marts: Path) -> None:
    first = publish_again()
    change(ADD_AN_ORDER)
    second = publish_again()
    assert share(first, second, "dim_customers")
    assert not share(first, second, "fct_orders")
    assert not share(first, second, "publication")
    for table, count in (("fct_orders", 3), ("dim_customers", 2)):
        assert duckdb.connect().execute(f"from '{second.parquet}/{table}.parquet'").fetchall() == rows(
            marts, f"from {table}"
        )
        assert rows(marts, f"select count(*) from {table}") == [(count,)]


def test_a_table_that_is_as_it_was_before_the_last_version_is_taken_over(
    publish_again: Publish, change: Change
) -> None:
    first = publish_again()
    change(ADD_AN_ORDER)
    publish_again()
    change("delete from marts.fct_orders where order_id = 'o3'")
    third = publish_again(run_at=RUN_AT + timedelta(hours=1))
    assert third.status == "published"
    assert share(first, third, "fct_orders")


@pytest.mark.parametrize(
    "changes", [{"key": "salt"}, {"publish_pii": True}], ids=["another key", "personal data as it is"]
)
def test_what_is_masked_otherwise_is_written(publish_again: Publish, changes: dict[str, object]) -> None:
    first = publish_again()
    second = publish_again(**changes)
    assert not share(first, second, "dim_customers")
    assert share(first, second, "fct_orders"), "it has nothing to mask"
    shown = duckdb.connect().execute(f"select user_id from '{file_of(second, 'dim_customers')}'").fetchall()
    assert (
        shown
        != duckdb.connect().execute(f"select user_id from '{file_of(first, 'dim_customers')}'").fetchall()
    )


@pytest.mark.parametrize("treatment", ["drop", "hash", None])
def test_a_column_that_is_treated_otherwise_is_written(
    publish_again: Publish, manifest: Path, treatment: str | None
) -> None:
    first = publish_again()
    customers = [
        (name, kind, treatment if name == "notes" else pii) for name, kind, pii in COLUMNS["dim_customers"]
    ]
    manifest.write_text(manifest_of({**COLUMNS, "dim_customers": customers}))
    assert not share(first, publish_again(), "dim_customers")


@pytest.mark.parametrize(
    "sql",
    [
        "alter table marts.dim_customers alter orders type integer",
        "create or replace table marts.dim_customers as select orders, * exclude (orders) from marts.dim_customers",
    ],
    ids=["another type", "another order of columns"],
)
def test_a_table_of_other_columns_is_written(publish_again: Publish, change: Change, sql: str) -> None:
    """Its rows may well have the same checksum: 2 is 2, whether of four bytes or of eight."""
    first = publish_again()
    change(sql)
    second = publish_again(sources={"web": "failed"})
    assert not share(first, second, "dim_customers")
    described = f"describe from '{file_of(second, 'dim_customers')}'"
    assert [found[:2] for found in duckdb.connect().execute(described).fetchall()] == [
        found[:2] for found in rows(second.marts, "describe dim_customers")
    ]


def test_a_description_is_in_the_file_of_tables_only(
    publish_again: Publish, manifest: Path, marts: Path
) -> None:
    first = publish_again()
    manifest.write_text(manifest.read_text().replace("The net_total.", "The net total after discounts."))
    second = publish_again()
    assert second.status == "published"
    assert share(first, second, "fct_orders")
    comment = "select comment from duckdb_columns() where column_name = 'net_total'"
    assert rows(marts, comment) == [("The net total after discounts.",)]
    assert "The net total after discounts." in second.dictionary.read_text()


def test_a_file_that_was_altered_is_not_taken_over(publish_again: Publish, change: Change) -> None:
    first = publish_again()
    written_over(file_of(first, "dim_customers"))
    change(ADD_AN_ORDER)
    second = publish_again()
    assert not share(first, second, "dim_customers")
    query = f"select count(*) from '{file_of(second, 'dim_customers')}'"
    assert duckdb.connect().execute(query).fetchall() == [(2,)]


def test_a_file_that_is_missing_is_written(publish_again: Publish, change: Change) -> None:
    first = publish_again()
    file_of(first, "dim_customers").unlink()
    change(ADD_AN_ORDER)
    assert file_of(publish_again(), "dim_customers").exists()


@pytest.mark.parametrize("spoil", [written_over, Path.unlink], ids=["altered", "missing"])
def test_a_spoilt_parquet_file_is_noticed_when_nothing_is_new(
    publish_again: Publish, change: Change, marts: Path, spoil: Callable[[Path], None]
) -> None:
    first = publish_again()
    spoil(file_of(first, "fct_orders"))
    again = publish_again()
    assert (again.status, again.version) == ("published", f"{first.version}-2")
    assert duckdb.connect().execute(
        f"select count(*) from '{again.parquet}/fct_orders.parquet'"
    ).fetchall() == [(2,)]
    with pytest.raises(PublishError, match=f"files of version {first.version} are missing or were changed"):
        rollback(marts, first.version)


def test_a_version_outlives_the_one_whose_files_it_has(
    publish_again: Publish, change: Change, marts: Path
) -> None:
    first = publish_again()
    last = first
    for number in range(3):
        change(f"insert into marts.fct_orders values ('n{number}', 'c2', 1)")
        last = publish_again(run_at=RUN_AT + timedelta(days=number))
    assert not file_of(first, "dim_customers").exists(), "three are kept"
    query = f"select count(*) from '{last.parquet}/dim_customers.parquet'"
    assert duckdb.connect().execute(query).fetchall() == [(2,)]
    assert rollback(marts).name != last.version


def test_an_index_of_before_is_read_and_nothing_is_taken_over(
    publish_again: Publish, change: Change, marts: Path
) -> None:
    first = publish_again()
    path = marts.parent / "marts_versions" / "versions.json"
    index = json.loads(path.read_text())
    for version in index["versions"]:
        del version["digests"], version["parquet_checksums"]
    path.write_text(json.dumps(index))
    assert publish_again().status == "unchanged"
    change(ADD_AN_ORDER)
    second = publish_again()
    assert not share(first, second, "dim_customers")
    assert rollback(marts).name == first.version
    assert kept_versions(marts)[0] == first.version


def test_where_the_disk_has_no_links_files_are_copied(
    publish_again: Publish, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    first = publish_again()
    before = file_of(first, "dim_customers").read_bytes()
    monkeypatch.setattr(os, "link", refused)
    change(ADD_AN_ORDER)
    second = publish_again()
    assert not share(first, second, "dim_customers")
    assert file_of(second, "dim_customers").read_bytes() == before
