"""Tables of the store that are no longer what they were when they were loaded first."""

import sqlite3

import pytest

from ingestion.errors import SourceError
from ingestion.sources import load
from tests.ingestion.place import Place, counts

AT = "2026-05-01T10:00:00Z"
# Bytes that are no text are shown as four signs each, which makes them more than a record may have.
PHOTO = "replace(hex(zeroblob(150000)), '0', CAST(x'ff' AS text))"


def test_a_table_that_is_gone_or_has_rows_of_one_key_is_named_and_the_others_load(place: Place) -> None:
    with sqlite3.connect(place.store) as store:
        store.executescript(f"""
            CREATE TABLE locations (location_id text PRIMARY KEY, updated_at text);
            CREATE TABLE members (member_id text PRIMARY KEY, updated_at text, photo text);
            CREATE TABLE products (product_id text, banner text, updated_at text, PRIMARY KEY (banner, product_id));
            CREATE TABLE transactions (transaction_id text PRIMARY KEY, occurred_at text, updated_at text);
            INSERT INTO products VALUES ('P1', 'north', '{AT}'), ('P2', 'north', '{AT}');
            INSERT INTO transactions VALUES ('T1', '{AT}', '{AT}')""")
    assert counts(load("store"), "store_products") == (2, 2, 0, 0), "a wider key alone is no fault"
    with sqlite3.connect(place.store) as store:
        store.executescript(f"""
            ALTER TABLE transactions RENAME TO sales;
            DROP TABLE locations;
            INSERT INTO products VALUES ('P1', 'south', '{AT}');
            INSERT INTO members VALUES ('M1', '{AT}', NULL), ('M2', '{AT}', {PHOTO})""")
    with pytest.raises(SourceError) as failed:
        load("store")
    assert failed.value.message == (
        "cannot read table products: its primary key is banner, product_id, and values of product_id (1) stand"
        " for several rows each; cannot read table transactions: the database no longer has it, though it was"
        " loaded before"
    )
    assert place.column("SELECT banner FROM raw.store_products") == ["north", "north"]
    assert place.column("SELECT member_id FROM raw.store_members") == ["M1"]
    assert place.ask("SELECT locator, reason, length(record) < 20_000 FROM raw.rejects") == [
        ("M2", "record_too_large", True)
    ]
    assert failed.value.report is not None
    assert "The database has no table locations." in failed.value.report.message
