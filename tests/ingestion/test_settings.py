"""A setting that cannot be understood is named once, with its value, and nothing but that is said."""

import os
import sqlite3
from pathlib import Path

import pytest

from ingestion.__main__ import main
from ingestion.errors import SettingError, cause_of
from ingestion.settings import flag, number
from ingestion.sources import load
from orchestration.settings import SettingsError, read_settings
from tests.ingestion.place import Place


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("abc", "is 'abc', which is not a number"),
        ("-1", "is '-1', but must be a number from 0 to 1,000,000"),
        ("nan", "is 'nan', but must be a number from 0 to 1,000,000"),
        ("1e300", "is '1e300', but must be a number from 0 to 1,000,000"),
    ],
)
def test_a_setting_that_is_no_number_is_named_where_causes_are_listed(
    text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__STORE__OVERLAP_HOURS", text)
    with pytest.raises(SettingError) as refused:
        number("store", "overlap_hours", 24)
    message = f"SOURCES__STORE__OVERLAP_HOURS {message}"
    assert cause_of(refused.value) == str(refused.value) == refused.value.message == message


@pytest.mark.parametrize(
    ("text", "meant"), [("true", True), ("YES", True), ("1", True), ("False", False), ("", False)]
)
def test_yes_and_no(text: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES__STORE__FULL_READ", text)
    assert flag("store", "full_read") is meant


@pytest.mark.parametrize(
    ("source", "key", "text"),
    [("store", "FULL_READ", "ture"), ("store", "OVERLAP_HOURS", "-24"), ("support", "OVERLAP_HOURS", "-1")],
)
def test_a_setting_that_is_misspelt_stops_its_source_before_anything_is_read(
    place: Place, monkeypatch: pytest.MonkeyPatch, source: str, key: str, text: str
) -> None:
    monkeypatch.setenv(f"SOURCES__{source.upper()}__{key}", text)
    monkeypatch.setenv("SOURCES__SUPPORT__BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SOURCES__SUPPORT__API_TOKEN", "token")
    with sqlite3.connect(place.store) as store:
        store.execute("CREATE TABLE members (member_id text PRIMARY KEY, updated_at text)")
        store.execute("INSERT INTO members VALUES ('M1', '2026-05-01T10:00:00Z')")
    with pytest.raises(SettingError, match=f"SOURCES__{source.upper()}__{key} is '{text}', but must be"):
        load(source)
    assert place.column("SELECT count(*) FROM raw.store_members") == [0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MARTS_STALE_AFTER_HOURS", "9" * 9),
        ("MARTS_STALE_AFTER_HOURS", "9" * 5000),
        ("WAREHOUSE_MEMORY", "0.0GB"),
    ],
    ids=["hours", "hours of many digits", "memory"],
)
def test_a_number_that_would_fail_later_is_refused_before_a_refresh(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is '{text}', but must be"):
        read_settings({name: text})


@pytest.mark.parametrize("name", ["WAREHOUSE_PATH", "MARTS_PATH"])
@pytest.mark.parametrize(
    "is_closed",
    [
        False,
        pytest.param(True, marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")),
    ],
    ids=["a file", "a closed folder"],
)
def test_a_place_where_nothing_can_be_written_is_refused_before_a_refresh(
    tmp_path: Path, name: str, is_closed: bool
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(0o555) if is_closed else folder.touch()
    place = folder / "deeper" / "one.duckdb"
    with pytest.raises(
        SettingsError, match=f"^{name} leads to {place}, but nothing can be written in {folder}.$"
    ):
        read_settings({name: str(place)})


@pytest.mark.parametrize("text", ["yesterday", "2026-04-30T12:00:00"])
def test_a_clock_that_is_no_instant_is_named_by_the_command(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RUN_AT", text)
    with pytest.raises(SystemExit) as left:
        main("web")
    assert left.value.code == 1
    assert capsys.readouterr().out.startswith(f"RUN_AT is '{text}', which ")
