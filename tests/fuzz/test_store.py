"""A store database with arbitrary values, which SQLite allows: every row is loaded or rejected."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sources import load
from tests.fuzz.cases import FUZZ, fresh
from tests.ingestion.place import Place
from tests.pipeline_run.accounts import lost_records

COLUMNS = (
    "member_id", "loyalty_id", "first_name", "last_name", "email", "phone", "birth_date", "postcode", "tier",
    "enrolled_at", "consent_email", "consent_sms", "updated_at", "deleted_at",
)  # fmt: skip
GOOD = {"enrolled_at": "2026-05-01T10:00:00Z", "updated_at": "2026-05-01T10:00:00Z", "first_name": "Ana"}
TEXTS = (
    "",
    " ",
    "null",
    "\x00",
    "a\x00b",
    "'; DROP TABLE members; --",
    "é" * 5_000,
    "2200-01-01T00:00:00Z",
    "1970",
)
garbage = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    st.binary(max_size=20),
    st.sampled_from(TEXTS),
)
rows = st.lists(st.dictionaries(st.sampled_from(COLUMNS[1:]), garbage, max_size=6), max_size=12)


@FUZZ
@given(bad=rows, unnamed=st.lists(st.dictionaries(st.sampled_from(COLUMNS), garbage, max_size=3), max_size=4))
def test_every_row_is_loaded_or_rejected(
    place: Place,
    empty_warehouse: Path,
    monkeypatch: pytest.MonkeyPatch,
    bad: list[dict[str, Any]],
    unnamed: list[dict[str, Any]],
) -> None:
    with fresh(place, empty_warehouse, monkeypatch) as one:
        given_rows: list[dict[str, Any]] = [{**GOOD, "member_id": f"good-{n}"} for n in range(3)]
        given_rows += [{**GOOD, "member_id": f"bad-{n}", **row} for n, row in enumerate(bad)]
        given_rows += [{**row, "member_id": None} for row in unnamed]
        _fill(one.store, given_rows)
        for _ in range(2):
            load("store")
        assert lost_records(one.warehouse) == []
        assert one.column("SELECT sum(records_read)::INTEGER FROM raw.load_ledger")[0] >= len(given_rows)
        found = set(one.column("SELECT member_id FROM raw.store_members"))
        refused = "\n".join(one.column("SELECT record FROM raw.rejects"))
        assert {f"good-{n}" for n in range(3)} <= found
        lost = [row["member_id"] for row in given_rows if row["member_id"] and row["member_id"] not in found]
        assert [member for member in lost if f'"{member}"' not in refused] == []
        assert one.ask("SELECT coalesce(sum(records), 0)::INT FROM raw.rejects")[0][0] == len(lost) + len(
            unnamed
        )


def _fill(store: Path, given_rows: list[dict[str, Any]]) -> None:
    with closing(sqlite3.connect(store)) as database:
        database.execute(f"CREATE TABLE members ({', '.join(COLUMNS)})")
        for row in given_rows:
            marks = ", ".join("?" * len(row))
            database.execute(f"INSERT INTO members ({', '.join(row)}) VALUES ({marks})", list(row.values()))
        database.commit()
