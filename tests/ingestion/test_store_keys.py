"""Rows that no cursor shows: inserted with an old ``updated_at``, or gone; and PostgreSQL's money."""

from collections.abc import Callable

import pytest

from ingestion.sources import load
from tests.ingestion.place import Place, counts
from tests.ingestion.test_store import T1, Store, postgres_url, store

__all__ = ["postgres_url", "store"]
OLD = "2020-01-01T00:00:00Z"


def _member(name: str, at: str) -> str:
    return f"INSERT INTO members (member_id, updated_at) VALUES ('{name}', '{at}')"


def _lines(*numbers: int, at: str = T1) -> str:
    rows = ", ".join(f"('T1', {number}, 'P', 1, 1, '{at}')" for number in numbers)
    return f"INSERT INTO transaction_lines VALUES {rows}"


def test_rows_with_an_old_cursor_are_read_and_reported(store: Store, place: Place) -> None:
    store.do(_member("M1", T1), _lines(1, 2))
    load("store")
    store.do(_member("M2", OLD), _member(" M3 ", OLD), _lines(3, at=OLD), _member("", OLD))
    report = load("store")
    assert counts(report, "store_members")[1] == 2
    assert "The table members: 2 rows were missing, with an old updated_at, and read now." in report.message
    assert "The table transaction_lines: 1 row was missing" in report.message
    assert place.column("SELECT member_id FROM raw.store_members ORDER BY 1") == ["M1", "M2", "M3"]
    assert place.column("SELECT line_number FROM raw.store_transaction_lines ORDER BY 1") == [1, 2, 3]
    assert load("store").message.count("missing") == 0


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_missing_row_that_is_rejected_is_read_once(store: Store, place: Place) -> None:
    store.do(_member("M1", T1))
    load("store")
    store.do(f"INSERT INTO members (member_id, updated_at, birth_date) VALUES ('M2', '{OLD}', '1.2.90')")
    assert counts(load("store"), "store_members")[3] == 1
    assert counts(load("store"), "store_members")[3] == 0
    assert place.column("SELECT locator FROM raw.rejects") == ["M2"]


def test_rows_that_are_gone_are_deleted_in_raw_and_come_back(
    store: Store, place: Place, at: Callable[[str], None]
) -> None:
    store.do(_member("M1", T1), _member("M2", OLD), _member("M3", T1), _lines(1, 2))
    load("store")
    at("2026-06-02T12:00:00Z")
    store.do("DELETE FROM members WHERE member_id IN ('M1', 'M2')", "DELETE FROM transaction_lines")
    report = load("store")
    assert "The table members: 2 rows are gone from the database and marked as deleted." in report.message
    deleted = "SELECT member_id, deleted_at::DATE::VARCHAR FROM raw.store_members ORDER BY 1"
    assert place.ask(deleted) == [("M1", "2026-06-02"), ("M2", "2026-06-02"), ("M3", None)]
    assert (
        place.column("SELECT deleted_at::DATE::VARCHAR FROM raw.store_transaction_lines")
        == ["2026-06-02"] * 2
    )
    before = place.ask("SELECT * FROM raw.store_members ORDER BY 1")
    at("2026-06-03T12:00:00Z")
    assert "gone" not in load("store").message
    assert place.ask("SELECT * FROM raw.store_members ORDER BY 1") == before
    store.do(_member("M2", OLD))
    assert "1 row was missing" in load("store").message
    assert place.ask(deleted) == [("M1", "2026-06-02"), ("M2", None), ("M3", None)]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_table_that_is_emptied_is_not_deleted(store: Store, place: Place) -> None:
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
    store.do(f"INSERT INTO members (member_id, updated_at) {numbers} SELECT i, '{T1}' FROM n")
    load("store")
    store.do("DELETE FROM members WHERE member_id <> '7'")
    report = load("store")
    assert (
        "1,499 of 1,500 rows are gone from the database. So many were not marked as deleted" in report.message
    )
    assert place.column("SELECT count(*) FROM raw.store_members WHERE deleted_at IS NOT NULL") == [0]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_table_too_large_for_its_keys_is_counted(
    store: Store, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__STORE__KEY_CHECK_ROWS", "1")
    store.do(_member("M1", T1), _member("M2", T1))
    assert "too large" not in load("store").message
    assert "too large" not in load("store").message
    store.do(_member("M3", OLD), "DELETE FROM members WHERE member_id = 'M0'")
    assert "The table members has 3 rows, of which 2 are known." in load("store").message
    monkeypatch.setenv("SOURCES__STORE__FULL_READ", "true")
    assert "too large" not in load("store").message


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_money_columns_load(store: Store, place: Place) -> None:
    store.do(
        "ALTER TABLE transactions ALTER COLUMN total TYPE money USING total::money",
        f"INSERT INTO transactions VALUES ('T1', 'S1', 1234.5, 'USD', '{T1}', '{T1}', NULL),"
        f" ('T2', 'S1', -2, 'USD', '{T1}', '{T1}', NULL)",
    )
    load("store")
    totals = place.column("SELECT total::VARCHAR FROM raw.store_transactions ORDER BY transaction_id")
    assert totals == ["1234.5000", "-2.0000"]
