"""The store: a real SQLite database, and the same on PostgreSQL."""

import json
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from ingestion.errors import SourceError
from ingestion.sources import load
from tests.ingestion.place import Place, counts
from tests.postgres import temporary_postgres

T1 = "2026-05-01T10:00:00Z"
T2 = "2026-05-02T10:00:00+02:00"


class Store:
    """A store's database that a test fills and changes."""

    def __init__(self, url: str) -> None:
        self.engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    def do(self, *statements: str) -> None:
        """Run statements and commit them."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def create_tables(self) -> None:
        """Make three tables of the contract: instants are text in SQLite, real instants in PostgreSQL."""
        instant = "text" if self.is_sqlite else "timestamptz"
        day = "text" if self.is_sqlite else "date"
        self.do(
            f"CREATE TABLE members (member_id text, loyalty_id text, email text, birth_date {day},"
            f" consent_email boolean, enrolled_at {instant}, updated_at {instant}, deleted_at {instant})",
            "CREATE TABLE transactions (transaction_id text PRIMARY KEY, location_id text,"
            f" total numeric(18, 4), currency text, occurred_at {instant}, updated_at {instant}, more text)",
            f"CREATE TABLE transaction_lines (transaction_id text, line_number integer, product_id text,"
            f" quantity numeric(18, 4), unit_price numeric(18, 4), updated_at {instant})",
        )


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with temporary_postgres() as url:
        yield url.replace("postgresql+psycopg:", "postgresql:")


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = f"sqlite:///{place.store}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    monkeypatch.setenv("SOURCES__STORE__CREDENTIALS", url)
    store = Store(url)
    if not store.is_sqlite:
        store.do("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    store.create_tables()
    yield store
    store.engine.dispose()


def test_rows_load_change_and_stay(store: Store, place: Place, at: Callable[[str], None]) -> None:
    store.do(
        f"INSERT INTO members VALUES ('M1', 'L1', 'a@x.org', '1990-05-17', true, '{T1}', '{T1}', NULL),"
        f" ('M2', NULL, NULL, NULL, false, NULL, '{T2}', NULL)",
        f"INSERT INTO transactions VALUES ('T1', 'S1', 19.99, 'USD', '{T1}', '{T1}', 'ignored')",
        f"INSERT INTO transaction_lines VALUES ('T1', 1, 'P1', 0.5, 39.98, '{T1}')",
    )
    report = load("store")
    assert counts(report, "store_members") == (2, 2, 0, 0)
    assert "no table locations" in report.message
    assert place.ask(
        "SELECT member_id, birth_date::VARCHAR, consent_email, consent_sms, updated_at::VARCHAR"
        " FROM raw.store_members ORDER BY 1"
    ) == [
        ("M1", "1990-05-17", True, None, "2026-05-01 10:00:00+00"),
        ("M2", None, False, None, "2026-05-02 08:00:00+00"),
    ]
    assert place.ask("SELECT total::VARCHAR, subtotal, kind FROM raw.store_transactions") == [
        ("19.9900", None, None)
    ]
    assert place.ask("SELECT quantity::VARCHAR, line_number FROM raw.store_transaction_lines") == [
        ("0.5000", 1)
    ]
    before = (
        place.ask("SELECT * FROM raw.store_members ORDER BY 1"),
        place.ask("SELECT * FROM raw.load_ledger"),
    )

    at("2026-06-02T12:00:00Z")
    report = load("store")
    assert counts(report, "store_members")[1] == 0
    assert before == (
        place.ask("SELECT * FROM raw.store_members ORDER BY 1"),
        place.ask("SELECT * FROM raw.load_ledger"),
    )

    store.do(
        "UPDATE members SET deleted_at = '2026-06-01T00:00:00Z', updated_at = '2026-06-01T00:00:00Z'"
        " WHERE member_id = 'M2'",
        "INSERT INTO members VALUES ('M3', NULL, NULL, NULL, NULL, NULL, '2026-06-01T00:00:00Z', NULL)",
    )
    report = load("store")
    read, loaded, _, rejected = counts(report, "store_members")
    assert (loaded, rejected) == (2, 0)
    assert read < 4, "what is older than the overlap is not read again"
    assert place.ask(
        "SELECT member_id, deleted_at IS NOT NULL, loaded_at::DATE::VARCHAR FROM raw.store_members ORDER BY 1"
    ) == [
        ("M1", False, "2026-06-01"),
        ("M2", True, "2026-06-02"),
        ("M3", False, "2026-06-02"),
    ]
    adds_up = "bool_and(records_read = records_loaded + records_duplicate + records_rejected)"
    ledger = f"SELECT sum(records_loaded), {adds_up} FROM raw.load_ledger WHERE object = 'members'"
    assert place.ask(ledger) == [(4, True)]


def test_a_row_committed_late_is_found_within_the_overlap(store: Store, place: Place) -> None:
    store.do(f"INSERT INTO transactions VALUES ('T1', NULL, 1, 'USD', '{T1}', '{T2}', NULL)")
    load("store")
    store.do(f"INSERT INTO transactions VALUES ('T2', NULL, 1, 'USD', '{T1}', '2026-05-01T09:00:00Z', NULL)")
    load("store")
    assert place.column("SELECT transaction_id FROM raw.store_transactions ORDER BY 1") == ["T1", "T2"]


def test_a_missing_key_column_is_named_and_the_other_tables_load(store: Store, place: Place) -> None:
    store.do(
        "ALTER TABLE transactions DROP COLUMN occurred_at",
        f"INSERT INTO members (member_id, updated_at) VALUES ('M1', '{T1}')",
    )
    with pytest.raises(
        SourceError, match="cannot read table transactions: it has no column occurred_at"
    ) as failed:
        load("store")
    assert failed.value.report is not None
    assert counts(failed.value.report, "store_members") == (1, 1, 0, 0)
    assert place.column("SELECT member_id FROM raw.store_members") == ["M1"]


def test_a_new_column_is_kept_and_reported_whatever_its_name(store: Store, place: Place) -> None:
    store.do(
        "ALTER TABLE members ADD COLUMN nickname text",
        'ALTER TABLE members ADD COLUMN "\'; DROP TABLE members; --" integer',
        f"INSERT INTO members VALUES ('M1', NULL, NULL, NULL, NULL, NULL, '{T1}', NULL, 'Ann \"A\"', 7)",
        f"INSERT INTO members VALUES ('M2', NULL, NULL, NULL, NULL, NULL, '{T1}', NULL, '{'x' * 2**21}', 7)",
    )
    report = load("store")
    assert counts(report, "store_members") == (2, 1, 0, 1)
    [(reason, locator, record)] = place.ask("SELECT reason, locator, record FROM raw.rejects")
    assert (reason, locator) == ("record_too_large", "M2")
    assert f'"{"x" * 4096}"' in record, "of what is too large the start is kept, without a mark"
    assert (
        'table members has more than is known, kept in extras: "\'; DROP TABLE members; --", nickname.'
        in (report.message)
    )
    assert place.ask(
        "SELECT extras->>'nickname', list_sort(json_keys(extras)), member_id FROM raw.store_members"
    ) == [('Ann "A"', ["'; DROP TABLE members; --", "nickname"], "M1")]


def test_an_optional_column_that_vanishes_is_reported_and_left_empty(store: Store, place: Place) -> None:
    store.do(f"INSERT INTO members (member_id, email, updated_at) VALUES ('M1', 'a@x.org', '{T1}')")
    load("store")
    store.do(
        "ALTER TABLE members DROP COLUMN email",
        f"INSERT INTO members (member_id, updated_at) VALUES ('M2', '{T1}')",
    )
    report = load("store")
    assert "table members lacks consent_sms, email, first_name" in report.message
    assert place.ask("SELECT member_id, email FROM raw.store_members WHERE member_id = 'M2'") == [
        ("M2", None)
    ]


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_a_column_of_another_type_costs_only_the_rows_that_do_not_fit(store: Store, place: Place) -> None:
    store.do(f"INSERT INTO transactions VALUES ('T1', NULL, 1, 'USD', '{T1}', '{T1}', NULL)")
    load("store")
    store.do(
        "ALTER TABLE transactions ALTER COLUMN total TYPE text",
        f"INSERT INTO transactions VALUES ('T2', NULL, '2.50', 'USD', '{T1}', '{T1}', NULL),"
        f" ('T3', NULL, 'two', 'USD', '{T1}', '{T1}', NULL)",
    )
    assert counts(load("store"), "store_transactions")[3] == 1
    assert place.column("SELECT total::VARCHAR FROM raw.store_transactions ORDER BY transaction_id") == [
        "1.0000",
        "2.5000",
    ]
    assert place.column("SELECT detail FROM raw.rejects") == [
        "total is two, which is not an amount in its currency."
    ]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cursor", ["'01/05/2026'", "'2/5/2026'", "1777600000", "''", "'0000-00-00'"])
def test_a_row_whose_cursor_is_no_time_is_rejected_whenever_it_comes(
    store: Store, place: Place, cursor: str
) -> None:
    store.do(f"INSERT INTO members (member_id, updated_at) VALUES ('M1', '{T1}')")
    load("store")
    store.do(f"INSERT INTO members (member_id, updated_at) VALUES ('M2', {cursor})")
    load("store")
    assert place.column("SELECT locator FROM raw.rejects") == ["M2"]


def test_rows_without_a_key_or_a_cursor_are_rejected_once(store: Store, place: Place) -> None:
    store.do(
        f"INSERT INTO transaction_lines VALUES ('T1', NULL, 'P', 1, 1, '{T1}'), (NULL, 1, 'P', 1, 1, '{T1}'),"
        f" ('T1', 2, 'P', 1, 1, NULL), ('T1', 3, 'P', 1, 1, '2026-07-01T00:00:00Z'),"
        f" ('T1', 1, 'P', 1, 1, '{T1}'),"
        f" ('T1', 1, 'P', 2, 1, '{T2}')",
    )
    assert counts(load("store"), "store_transaction_lines") == (6, 1, 1, 4)
    load("store")
    assert place.reasons() == {"missing_key": 2, "missing_timestamp": 1, "timestamp_in_future": 1}
    assert place.ask("SELECT quantity::INT FROM raw.store_transaction_lines") == [(2,)]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_sqlite_lets_into_a_column_is_converted_or_rejected(store: Store, place: Place) -> None:
    store.do(
        "INSERT INTO members VALUES"
        f" (1, 2, 'a', '1990-05-17 00:00:00', 1, '2026-05-01 10:00:00+00:00', '{T1}', NULL),"
        f" ('M2', NULL, 'b', '17.5.1990', 1, NULL, '{T1}', NULL),"
        f" ('M3', NULL, 'c', NULL, 'maybe', NULL, '{T1}', NULL),"
        f" ('M4', NULL, CAST(x'ff41' AS text), NULL, 1, NULL, '{T1}', NULL),"
        f" ('M5', NULL, 'e', NULL, 'yes', '2026-05-01 10:00:00', '{T1}', NULL)",
        f"INSERT INTO transaction_lines VALUES ('T1', 1, 'P', '1,500', 1, '{T1}'),"
        f" ('T1', 'one', 'P', 1, 1, '{T1}'),"
        f" ('T1', 2, 'P', 0.1, 1e2, '{T1}')",
    )
    report = load("store")
    assert counts(report, "store_members") == (5, 1, 0, 4)
    assert counts(report, "store_transaction_lines") == (3, 1, 0, 2)
    assert place.reasons() == {"type_mismatch": 4, "unreadable_bytes": 1, "bad_timestamp": 1}
    assert place.ask(
        "SELECT member_id, loyalty_id, birth_date::VARCHAR, consent_email FROM raw.store_members"
    ) == [("1", "2", "1990-05-17", True)]
    assert place.ask("SELECT quantity::VARCHAR, unit_price::VARCHAR FROM raw.store_transaction_lines") == [
        ("0.1000", "100.0000")
    ]
    [(detail, locator)] = place.ask("SELECT detail, locator FROM raw.rejects WHERE record LIKE '%1,500%'")
    assert (detail, locator) == ("quantity is 1,500, which is not a number.", "T1, 1")


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_a_wrong_password_is_said_without_it(
    store: Store, place: Place, monkeypatch: pytest.MonkeyPatch, postgres_url: str
) -> None:
    url = sa.make_url(postgres_url).set(username="nobody", password="swordfish")
    monkeypatch.setenv("SOURCES__STORE__CREDENTIALS", url.render_as_string(hide_password=False))
    with pytest.raises(SourceError, match=r'store: cannot open .*nobody:.*: .*"nobody"') as failed:
        load("store")
    assert "swordfish" not in str(failed.value)


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_a_table_that_somebody_locks_is_named_and_the_others_load(
    store: Store, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__STORE__LOCK_TIMEOUT_SECONDS", "0.2")
    store.do(f"INSERT INTO transactions VALUES ('T1', NULL, 1, 'USD', '{T1}', '{T1}', NULL)")
    with store.engine.connect() as other:
        other.execute(sa.text("LOCK TABLE members IN ACCESS EXCLUSIVE MODE"))
        other.execute(sa.text("SET LOCAL statement_timeout = 0"))
        with pytest.raises(SourceError, match=r"cannot read table members: .*lock timeout"):
            load("store")
    assert place.column("SELECT transaction_id FROM raw.store_transactions") == ["T1"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_replacement_character_is_text_and_bytes_that_are_none_are_shown(
    store: Store, place: Place
) -> None:
    store.do(
        f"INSERT INTO members (member_id, email, updated_at) VALUES ('M1', 'Jos\ufffd', '{T1}'),"
        f" (CAST(x'4d32ff' AS text), 'x', '{T1}')"
    )
    assert counts(load("store"), "store_members") == (2, 1, 0, 1)
    assert place.ask("SELECT member_id, email FROM raw.store_members") == [("M1", "Jos\ufffd")]
    [(locator, reason, record)] = place.ask("SELECT locator, reason, record FROM raw.rejects")
    assert (locator, reason) == ("M2\\xff", "unreadable_bytes")
    assert json.loads(record)["member_id"] == "M2\\xff"


def test_a_missing_database_is_named(place: Place) -> None:
    with pytest.raises(
        SourceError, match=r"store: cannot open sqlite:.*store\.db: there is no file .*store\.db"
    ):
        load("store")
    assert not place.store.exists()


def test_a_file_that_is_no_database_is_named(place: Place) -> None:
    place.store.write_text("not a database at all, but long enough to look at" * 50)
    with pytest.raises(SourceError, match=r"cannot open sqlite:.*: file is not a database"):
        load("store")
