"""Times of the store without an offset: rejected, or read in the zone that a setting or the location has."""

import pytest
import sqlalchemy as sa

from ingestion.errors import SettingError
from ingestion.sources import load
from tests.ingestion.place import Place, counts

UNZONED = "2026-05-01 10:00:00"
OVERLAP, GAP = "2026-10-25 02:30:00", "2026-03-29T02:30"


@pytest.fixture
def store(place: Place, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    monkeypatch.setenv("RUN_AT", "2026-11-01T00:00:00Z")
    engine = sa.create_engine(f"sqlite:///{place.store}")
    _do(
        engine,
        "CREATE TABLE locations (location_id, timezone, updated_at)",
        "CREATE TABLE transactions (transaction_id, location_id, occurred_at, updated_at)",
        "INSERT INTO locations VALUES ('NY', ' America/New_York', '2026-05-01 10:00'),"
        " ('X', 'Mars/Phobos', '2026-05-01 10:00'), ('Y', NULL, '2026-05-01 10:00')",
    )
    return engine


def _do(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def _sales(engine: sa.Engine, *sales: tuple[str, str | None, str]) -> None:
    for name, location, at in sales:
        with engine.begin() as connection:
            query = sa.text(
                "INSERT INTO transactions VALUES (:name, :location, :at, '2026-05-01 10:00:00.25')"
            )
            connection.execute(query, {"name": name, "location": location, "at": at})


def _times(place: Place) -> dict[str, str]:
    query = (
        "SELECT transaction_id, strftime(occurred_at, '%m-%d %H:%M') FROM raw.store_transactions ORDER BY 1"
    )
    return dict(place.ask(query))


def test_without_the_setting_they_are_rejected_and_it_is_named(place: Place, store: sa.Engine) -> None:
    _sales(store, ("T1", "NY", UNZONED))
    assert counts(load("store"), "store_locations") == (3, 0, 0, 3)
    [detail] = place.column("SELECT detail FROM raw.rejects WHERE object = 'transactions'")
    assert detail == (
        "occurred_at is 2026-05-01 10:00:00, which is not an ISO 8601 time with an offset (Z or +hh:mm);"
        " SOURCES__STORE__TIMEZONE says in which zone times without one are."
    )


def test_the_setting_reads_them_and_a_location_that_has_a_zone_goes_by_its_own(
    place: Place, store: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__STORE__TIMEZONE", "Europe/Berlin")
    _sales(store, ("T1", "NY", UNZONED), ("T2", "X", UNZONED), ("T3", "Y", UNZONED), ("T4", None, UNZONED))
    _sales(
        store,
        ("T5", "NY", "2026-05-01T10:00:00Z"),
        ("T6", "Y", OVERLAP),
        ("T7", "Y", GAP),
        ("T8", "Y", "10:00"),
    )
    report = load("store")
    assert "Locations have time zones that are not known: 'Mars/Phobos'." in report.message
    assert _times(place) == {
        "T1": "05-01 14:00",
        "T2": "05-01 08:00",
        "T3": "05-01 08:00",
        "T4": "05-01 08:00",
        "T5": "05-01 10:00",
        "T6": "10-25 01:30",
        "T7": "03-29 01:30",
    }
    assert place.reasons() == {"bad_timestamp": 1}
    updated = "SELECT DISTINCT strftime(updated_at, '%H:%M:%S.%g') FROM raw.store_transactions"
    assert place.column(updated) == ["08:00:00.250"]
    _sales(store, ("T9", "NY", UNZONED))
    load("store")
    assert _times(place)["T9"] == "05-01 14:00"


def test_a_database_in_utc_is_read_so_whatever_the_location(
    place: Place, store: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__STORE__TIMEZONE", "UTC")
    _sales(store, ("T1", "NY", UNZONED))
    load("store")
    assert _times(place) == {"T1": "05-01 10:00"}


@pytest.mark.parametrize("zone", ["CEST", "+02:00", "Europe/Bielefeld"])
def test_a_setting_that_is_no_zone_is_named(
    store: sa.Engine, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("SOURCES__STORE__TIMEZONE", zone)
    with pytest.raises(SettingError, match=r"SOURCES__STORE__TIMEZONE is .*, but must be a time zone as in"):
        load("store")
