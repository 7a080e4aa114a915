"""The lake has what the raw tables have, a file per load, and gives it back."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from ingestion.errors import SourceError
from ingestion.lake import Lake, LakeError, read_lake, write_lake
from ingestion.sources import load
from tests.ingestion.place import Place, lines, message

At = Callable[[str], None]


@pytest.fixture(params=["folder", "bucket"])
def lake(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Any folder, and a bucket that fsspec keeps in memory."""
    url = str(tmp_path / "lake") if request.param == "folder" else f"memory://{uuid4().hex}"
    monkeypatch.setenv("LAKE_URL", url)
    return url


def two_loads(place: Place, at: At) -> None:
    place.land("a.jsonl", lines(message("m1"), message("m2")) + "no message\n")
    load("web")
    at("2026-06-02T12:00:00+00:00")
    place.land("b.jsonl", lines(message("m2"), message("m3")))
    load("web")


def content(warehouse: Path) -> dict[str, tuple[list[tuple[str, str]], list[tuple[object, ...]]]]:
    """Columns with their types, and rows, of every raw table."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' order by all"
        )
        return {
            table: (
                [(name, kind) for name, kind, *_ in connection.execute(f"describe raw.{table}").fetchall()],
                connection.execute(f"select * from raw.{table} order by all").fetchall(),
            )
            for (table,) in tables.fetchall()
        }


def test_what_was_loaded_is_read_back_with_ledger_and_rejects(place: Place, at: At, lake: str) -> None:
    two_loads(place, at)
    again = place.folder / "again.duckdb"
    rows = read_lake(lake, again)
    assert (rows["web_events"], rows["load_ledger"], rows["rejects"]) == (3, 2, 1)
    assert content(again) == content(place.warehouse)


def test_a_load_adds_files_and_leaves_those_of_others(place: Place, at: At, lake: str) -> None:
    place.land("a.jsonl", lines(message("m1")))
    load("web")
    first = Lake.at(lake).names("web_events")
    at("2026-06-02T12:00:00+00:00")
    place.land("b.jsonl", lines(message("m2")))
    load("web")
    assert len(first) == 2  # the columns, and the load
    assert len(Lake.at(lake).names("web_events") - first) == 1
    assert first <= Lake.at(lake).names("web_events")
    assert write_lake(place.warehouse, lake).files == 0


def test_what_is_no_longer_in_the_warehouse_goes(place: Place, at: At, lake: str) -> None:
    two_loads(place, at)
    with duckdb.connect(str(place.warehouse)) as connection:
        connection.execute("delete from raw.web_events where message_id in ('m1', 'm3')")
    written = write_lake(place.warehouse, lake)
    assert (written.files, written.removed) == (1, 2)
    again = place.folder / "again.duckdb"
    read_lake(lake, again)
    assert content(again) == content(place.warehouse)


def test_an_unfinished_file_is_not_read_and_goes(place: Place, at: At, lake: str) -> None:
    two_loads(place, at)
    files = Lake.at(lake)
    files.files.pipe(f"{files.root}/web_events/_1.parquet", b"PAR1")
    read_lake(lake, place.folder / "again.duckdb")
    assert write_lake(place.warehouse, lake).removed == 1
    assert "_1.parquet" not in files.names("web_events")


def test_a_warehouse_with_raw_tables_is_left_as_it_is(place: Place, at: At, lake: str) -> None:
    two_loads(place, at)
    before = content(place.warehouse)
    with pytest.raises(LakeError, match="would be lost"):
        read_lake(lake, place.warehouse)
    assert content(place.warehouse) == before


def test_there_is_nothing_to_read_without_a_lake(place: Place, lake: str) -> None:
    with pytest.raises(LakeError, match="no table"):
        read_lake(lake, place.folder / "again.duckdb")


def test_a_lake_that_cannot_be_written_fails_the_source_after_it_is_loaded(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.folder / "file").write_text("no folder")
    monkeypatch.setenv("LAKE_URL", str(place.folder / "file"))
    place.land("a.jsonl", lines(message("m1")))
    with pytest.raises(SourceError, match="cannot write the lake"):
        load("web")
    assert place.column("select message_id from raw.web_events") == ["m1"]


def test_a_lake_that_cannot_be_written_is_named_without_its_password(place: Place) -> None:
    with pytest.raises(LakeError) as raised:
        write_lake(place.warehouse, "nowhere://loader:h0rse-battery@lake.test/raw")
    assert "lake.test" in str(raised.value)
    assert "h0rse-battery" not in str(raised.value)
