"""Hostile messages: an oracle in plain Python reads the same bytes and gives the expected result."""

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources import load
from tests.fuzz.cases import FUZZ, fresh
from tests.fuzz.garbage import deliveries
from tests.fuzz.messages_oracle import Expected, expected_of, unpacked
from tests.ingestion.place import NOW, Place

# dlt stages merged rows in a schema of its own.
TABLES = """
    SELECT schema_name || '.' || table_name FROM duckdb_tables()
    WHERE NOT starts_with(table_name, '_dlt') AND schema_name <> 'raw_staging' ORDER BY 1
"""


@FUZZ
@given(files=deliveries, grows=st.floats(0, 1))
def test_whatever_lands_is_accounted_for(
    place: Place,
    empty_warehouse: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, bytes],
    grows: float,
) -> None:
    with fresh(place, empty_warehouse, monkeypatch) as one:
        tables = one.column(TABLES)
        halves = {name: content[: int(len(content) * grows)] for name, content in files.items()}
        for delivery in (halves, files):
            for name, content in delivery.items():
                path = one.landing() / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            load("web")
        touched = {_shown(name) for name, content in files.items() if content == halves[name]}
        _is_accounted_for(one, [_expected(halves), _expected(files)], touched)
        assert one.column(TABLES) == tables
        assert list(Path.cwd().glob("executed*")) == []


def _expected(files: dict[str, bytes]) -> dict[str, Expected]:
    now = datetime.fromisoformat(NOW)
    return {_shown(name): expected_of(content, now) for name, content in files.items()}


def _shown(name: str) -> str:
    return name.encode(errors="surrogateescape").decode(errors="backslashreplace")


def _is_accounted_for(one: Place, readings: list[dict[str, Expected]], touched: set[str]) -> None:
    ids = {key for reading in readings for file in reading.values() for key in file.ids}
    assert sorted(one.column("SELECT message_id FROM raw.web_events")) == sorted(ids)
    ledger = one.ask(
        "SELECT object, records_read, records_rejected, records_loaded, records_duplicate FROM raw.load_ledger"
    )
    assert all(read == rejected + loaded + duplicate for _, read, rejected, loaded, duplicate in ledger)
    assert sum(loaded for *_, loaded, _ in ledger) == len(ids)
    found = {
        (object_.removeprefix(f"{one.landing()}/"), read, rejected) for object_, read, rejected, *_ in ledger
    }
    wanted = {(name, file.read, len(file.rejects)) for reading in readings for name, file in reading.items()}
    assert wanted <= found <= wanted | {(name, 0, 0) for name in touched}
    for name in readings[-1]:
        _rejects_are(one, name, [reading[name] for reading in readings])


def _rejects_are(one: Place, name: str, readings: list[Expected]) -> None:
    """Compare the rejects of a file; what both readings reject for one reason is kept once."""
    found = one.ask(
        f"SELECT record, reason, locator, records FROM raw.rejects WHERE object = {_quoted(f'{one.landing()}/{name}')}"
    )
    least: Counter[str] = Counter()
    most: Counter[str] = Counter()
    allowed: dict[str, set[str]] = {}
    for reading in readings:
        rejected = Counter(text for text, _ in reading.rejects)
        least, most = least | rejected, most + rejected
        for text, reasons in reading.rejects:
            allowed[text] = allowed.get(text, set()) | reasons
    texts = [unpacked(text) if ", message " in locator else text for text, _, locator, _ in found]
    kept: Counter[str] = Counter()
    for text, (*_, records) in zip(texts, found, strict=True):
        kept[text] += records
    assert least <= kept <= most
    for text, (_, reason, *_) in zip(texts, found, strict=True):
        assert reason in allowed[text], text


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
