"""After kills of ingestion at random instants, the next run has the same result as a run without a kill."""

import random
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pytest

from simulator.support_api import SupportApi, SupportData
from tests.crash.at_rest import dlt_is_at_rest
from tests.crash.killed import finished, killed_at
from tests.ingestion.place import NOW, Place, lines, message
from tests.scenarios.store_tables import STORE_TABLES

KILLS = 4
SLOW_KILLS = 14
# A process spends about a third of its time on imports, which need no kills.
EARLIEST, LATEST = 0.3, 1.0


@dataclass
class Source:
    """A source in a folder of its own: its settings, and the change of its inputs after a load."""

    name: str
    place: Place
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> list[str]:
        """The command that loads it."""
        return [sys.executable, "-m", "ingestion", self.name]

    def environment(self, warehouse: Path) -> dict[str, str]:
        """The settings with which it loads into a warehouse."""
        return {**self.settings, "WAREHOUSE_PATH": str(warehouse), "RUN_AT": NOW}


@dataclass(frozen=True)
class Never:
    """The result of a run without a kill after an earlier run, and its duration."""

    source: Source
    before: Path
    tables: dict[str, list[tuple[Any, ...]]]
    seconds: float


def test_web_events_survive_kills_one_after_the_other(tmp_path: Path) -> None:
    web = Source("web", Place(tmp_path), {"SOURCES__WEB__BUCKET_URL": str(Place(tmp_path).landing())})
    _land(web.place, "b.jsonl", first=0, day=20)
    never = _never_killed(web)
    _meets(never, tmp_path / "killed", KILLS, random.Random(3))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["web", "store", "support"])
def test_a_second_delivery_survives_kills_two_by_two(
    name: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source: Source = request.getfixturevalue(name)
    never = _never_killed(source)
    assert never.before.exists()
    chance = random.Random(f"kills of {name}")
    for pair in range(SLOW_KILLS // 2):
        _meets(never, tmp_path / f"killed-{pair}", 2, chance)


@pytest.fixture
def web(tmp_path: Path) -> Source:
    """Land messages some of which the second delivery repeats, and some of which it sends earlier."""
    place = Place(tmp_path)
    source = Source("web", place, {"SOURCES__WEB__BUCKET_URL": str(place.landing())})
    _land(place, "a.jsonl", first=0, day=20)
    finished(source.command, source.environment(tmp_path / "before" / "warehouse.duckdb"))
    _land(place, "b.jsonl", first=1_000, day=10)
    return source


def _land(place: Place, name: str, first: int, day: int) -> None:
    at = f"2026-05-{day}T10:00:00Z"
    many = [message(f"m{number}", timestamp=at, name=name) for number in range(first, first + 2_000)]
    place.land(name, lines(*many, many[0]) + f"broken in {name}\n")


@pytest.fixture
def store(tmp_path: Path) -> Source:
    """Make a store database in which rows are changed, added and broken after a load."""
    place = Place(tmp_path)
    source = Source("store", place, {"SOURCES__STORE__CREDENTIALS": f"sqlite:///{place.store}"})
    with sqlite3.connect(place.store) as database:
        for table, columns in STORE_TABLES.items():
            listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            database.execute(f"CREATE TABLE {table} ({listed})")
        _sell(database, first=0, total=10, day=20)
    finished(source.command, source.environment(tmp_path / "before" / "warehouse.duckdb"))
    with sqlite3.connect(place.store) as database:
        _sell(database, first=1_000, total=20, day=21)
        database.execute("UPDATE members SET updated_at = 'yesterday' WHERE member_id = 'M7'")
    return source


def _sell(database: sqlite3.Connection, first: int, total: int, day: int) -> None:
    at = f"2026-05-{day}T10:00:00Z"
    sales = [(f"T{number}", total, at, at) for number in range(first, first + 2_000)]
    database.executemany(
        "INSERT OR REPLACE INTO transactions (transaction_id, total, occurred_at, updated_at) VALUES (?, ?, ?, ?)",
        sales,
    )
    members = [(f"M{number}", f"{total}@shop.test", at) for number in range(500)]
    database.executemany(
        "INSERT OR REPLACE INTO members (member_id, email, updated_at) VALUES (?, ?, ?)", members
    )


@pytest.fixture
def support(tmp_path: Path) -> Iterator[Source]:
    """Serve tickets that are changed, added and broken after a load."""
    with SupportApi(SupportData(tickets=_tickets(0, "open", 20), users=[])) as api:
        settings = {
            "SOURCES__SUPPORT__BASE_URL": api.base_url,
            "SOURCES__SUPPORT__EMAIL": "agent@throughline.example",
            "SOURCES__SUPPORT__API_TOKEN": "demo-token",
        }
        source = Source("support", Place(tmp_path), settings)
        finished(source.command, source.environment(tmp_path / "before" / "warehouse.duckdb"))
        api.replace(
            SupportData(tickets=[*_tickets(500, "solved", 21), _ticket(7_000, "odd", 21, "x")], users=[])
        )
        yield source


def _tickets(first: int, status: str, day: int) -> list[dict[str, Any]]:
    return [_ticket(number, status, day) for number in range(first, first + 1_000)]


def _ticket(number: int, status: str, day: int, requester: object = 1) -> dict[str, Any]:
    at = f"2026-05-{day}T10:00:00Z"
    return {"id": number, "requester_id": requester, "status": status, "created_at": at, "updated_at": at}


def _never_killed(source: Source) -> Never:
    before, folder = source.place.folder / "before", source.place.folder / "never"
    warehouse = _copied(before, folder)
    started = time.monotonic()
    finished(source.command, source.environment(warehouse))
    return Never(source, before, _records(warehouse), time.monotonic() - started)


def _meets(never: Never, folder: Path, kills: int, chance: random.Random) -> None:
    """Kill so many runs one after the other, complete one, and compare."""
    warehouse = _copied(never.before, folder)
    environment = never.source.environment(warehouse)
    instants = [never.seconds * chance.uniform(EARLIEST, LATEST) for _ in range(kills)]
    for seconds in instants:
        killed_at(never.source.command, seconds, environment)
    finished(never.source.command, environment)
    assert _records(warehouse) == never.tables, f"killed after {instants} s"
    dlt_is_at_rest(warehouse, never.source.name)


def _copied(before: Path, folder: Path) -> Path:
    if before.exists():
        shutil.copytree(before, folder)
    return folder / "warehouse.duckdb"


def _records(warehouse: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Read every raw table, the ledger and the rejects among them; a load's id is not the record's."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw' AND NOT starts_with(table_name, '_dlt')"
        ).fetchall()
        return {
            table: connection.execute(
                f"SELECT COLUMNS(* EXCLUDE (_dlt_load_id))::VARCHAR FROM raw.{table} ORDER BY ALL"
            ).fetchall()
            for (table,) in tables
        }
