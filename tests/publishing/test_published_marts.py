"""Content of the published file, Parquet and dictionary."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from publishing import Publication, PublishError
from publishing.secret import read_or_make_key
from tests.publishing.conftest import COLUMNS, manifest_of, rows

Publish = Callable[..., Publication]


def test_tables_arrive_with_their_rows_and_exact_amounts(publish_again: Publish, marts: Path) -> None:
    publication = publish_again()
    assert publication.row_counts == {"dim_customers": 2, "fct_orders": 2, "restatements": 0}
    assert rows(marts, "select order_id, net_total from marts.fct_orders order by 1") == [
        ("o1", Decimal("10.5000")),
        ("o2", Decimal("20.0000")),
    ]


def test_personal_data_is_masked_in_its_shape(publish_again: Publish, marts: Path) -> None:
    publish_again()
    found = rows(
        marts,
        "select email, phone, full_name, notes, birth_date from marts.dim_customers order by customer_id",
    )
    assert found == [
        ("a***@e***", "+1********43", "A*** L***", "*** (5 words)", date(1990, 1, 1)),
        (None,) * 5,
    ]


def test_hash_is_keyed_and_keeps_equal_values_equal(publish_again: Publish, marts: Path) -> None:
    publish_again()
    emails, user_id = rows(marts, "select emails, user_id from marts.dim_customers order by customer_id")[0]
    expected = [
        hmac.new(b"pepper", value, hashlib.sha256).hexdigest()
        for value in (b"ana@example.org", b"a.li@work.example", b"u-1")
    ]
    assert [*emails, user_id] == expected
    assert rows(marts, "select user_id from marts.dim_customers order by customer_id")[1] == (None,)


def test_long_keys_are_folded_as_the_standard_says(publish_again: Publish, marts: Path) -> None:
    key = "k" * 100
    publish_again(key=key)
    expected = hmac.new(key.encode(), b"u-1", hashlib.sha256).hexdigest()
    assert rows(marts, "select user_id from marts.dim_customers where user_id is not null") == [(expected,)]


def test_no_key_no_hashed_columns(publish_again: Publish, marts: Path) -> None:
    with pytest.raises(PublishError, match="IDENTITY_SALT"):
        publish_again(key="")
    assert not marts.exists()


def test_dropped_columns_are_left_out(publish_again: Publish, marts: Path, manifest: Path) -> None:
    customers = [
        (name, kind, "drop" if name == "notes" else pii) for name, kind, pii in COLUMNS["dim_customers"]
    ]
    manifest.write_text(manifest_of({**COLUMNS, "dim_customers": customers}))
    publish_again()
    published = rows(marts, "select column_name from duckdb_columns() where table_name = 'dim_customers'")
    assert ("notes",) not in published
    assert ("email",) in published


def test_personal_data_is_published_as_it_is_if_asked_for(publish_again: Publish, marts: Path) -> None:
    publish_again(publish_pii=True, key="")
    found = rows(marts, "select email, user_id, birth_date from marts.dim_customers where orders = 2")
    assert found == [("ana@example.org", "u-1", date(1990, 5, 6))]
    assert rows(marts, "select has_personal_data from marts.publication") == [(True,)]


def test_no_masked_value_is_left_anywhere_in_the_published_folder(
    publish_again: Publish, marts: Path
) -> None:
    publish_again()
    for path in marts.parent.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"ana@example.org" not in content, path
            assert b"red shoes" not in content, path


def test_tables_and_columns_carry_dbts_descriptions(publish_again: Publish, marts: Path) -> None:
    publish_again()
    assert rows(marts, "select comment from duckdb_tables() where table_name = 'fct_orders'") == [
        ("One row per row of fct_orders; it's described.",)
    ]
    assert rows(marts, "select count(*) from duckdb_columns() where not internal and comment is null") == [
        (0,)
    ]


def test_publication_says_what_the_file_is(publish_again: Publish, marts: Path) -> None:
    publication = publish_again(sources={"web": "loaded", "store": "failed"})
    columns = "version, run_at, is_complete, sources['store'], row_counts['fct_orders']"
    found = rows(marts, f"select {columns} from marts.publication")
    assert found == [(publication.version, datetime(2026, 4, 30, 12, 0), False, "failed", 2)]


@pytest.mark.parametrize("name", ["marts.duckdb", "retail.duckdb"])
def test_a_mart_is_called_by_its_name_or_with_marts_before_it(
    publish_again: Publish, marts: Path, name: str
) -> None:
    path = marts.with_name(name)
    publish_again(marts=path)
    for query in ("from fct_orders", "from marts.fct_orders", "from main.fct_orders"):
        assert len(rows(path, query)) == 2, query
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as published (read_only)")
        assert len(connection.execute("from published.fct_orders").fetchall()) == 2


def test_parquet_holds_the_same_masked_rows(publish_again: Publish) -> None:
    publication = publish_again()
    files = sorted(path.name for path in publication.parquet.iterdir())
    assert files == [
        "dim_customers.parquet",
        "fct_orders.parquet",
        "publication.parquet",
        "restatements.parquet",
    ]
    query = f"select email from '{publication.parquet}/dim_customers.parquet' where email is not null"
    assert duckdb.connect().execute(query).fetchall() == [("a***@e***",)]


def test_dictionary_describes_every_column_and_its_treatment(publish_again: Publish) -> None:
    publication = publish_again()
    html = publication.dictionary.read_text()
    markdown = publication.dictionary.with_suffix(".md").read_text()
    for text in (html, markdown):
        assert "The net_total." in text
        assert "personal data, masked" in text
        assert "personal data, hashed" in text
        assert publication.version in text
    assert "http" not in html.replace("http-equiv", ""), "the page needs nothing from the network"


def test_a_column_that_dbt_does_not_describe_stops_publishing(
    publish_again: Publish, change: Callable[[str], None], marts: Path
) -> None:
    publish_again()
    before = marts.read_bytes()
    change("alter table marts.fct_orders add column card_number varchar")
    with pytest.raises(PublishError, match=r"fct_orders has columns that dbt does not describe.*card_number"):
        publish_again()
    assert marts.read_bytes() == before


def test_a_mart_that_was_not_built_stops_publishing(
    publish_again: Publish, change: Callable[[str], None]
) -> None:
    change("drop table marts.fct_orders")
    with pytest.raises(PublishError, match="fct_orders is not in the warehouse"):
        publish_again()


def test_an_unknown_treatment_stops_publishing(publish_again: Publish, manifest: Path) -> None:
    manifest.write_text(manifest_of({**COLUMNS, "fct_orders": [("order_id", "varchar", "blur")]}))
    with pytest.raises(PublishError, match=r"fct_orders\.order_id: config.meta.pii is 'blur'"):
        publish_again()


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "data" / "identity_salt"
    key = read_or_make_key(file)
    assert len(key) == 64
    assert read_or_make_key(file) == key
    assert file.stat().st_mode & 0o077 == 0


def test_a_key_that_a_killed_process_had_not_written_yet_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "identity_salt"
    file.touch()
    assert len(read_or_make_key(file)) == 64
    assert list(tmp_path.iterdir()) == [file]
