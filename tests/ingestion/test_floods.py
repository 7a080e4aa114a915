"""Files that are small and hold much: lines of megabytes, millions of lines, gigabytes when unzipped."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingestion import run
from ingestion.lines import files
from ingestion.sources import load
from tests.fuzz.test_memory import LOAD, MOST_MB, peak_mb
from tests.ingestion.place import Place, counts, lines, message

TINY_LINES = 300_000


def test_identical_rejects_of_a_file_are_counted_and_a_sample_is_kept(place: Place) -> None:
    place.land("a.jsonl.gz", "x\n" * TINY_LINES + lines(message("m1")) + "y\n")
    place.land("b.jsonl", "x\n" * 3)
    assert counts(load("web"), "web_events") == (TINY_LINES + 5, 1, 0, TINY_LINES + 4)
    kept = place.ask(
        "SELECT record, count(*), sum(records)::BIGINT, min(locator::BIGINT) FROM raw.rejects GROUP BY ALL"
    )
    assert sorted(kept) == [("x", 13, TINY_LINES + 3, 1), ("y", 1, 1, TINY_LINES + 2)]


def test_a_file_that_grows_is_counted_again_and_not_twice(place: Place) -> None:
    place.land("a.jsonl", "x\n" * 30)
    load("web")
    place.land("a.jsonl", "x\n" * 45)
    load("web")
    assert place.ask("SELECT count(*), sum(records)::BIGINT FROM raw.rejects") == [(10, 45)]
    place.land("a.jsonl", "x\n" * 20)
    load("web")
    assert place.ask("SELECT count(*), sum(records)::BIGINT FROM raw.rejects") == [(10, 45)]


def test_a_warehouse_without_counts_of_rejects_gets_them(place: Place) -> None:
    with duckdb.connect(str(place.warehouse)) as connection:
        connection.execute("ALTER TABLE raw.rejects DROP COLUMN records")
        connection.execute("DELETE FROM raw._dlt_version WHERE schema_name = 'tables'")
    place.land("a.jsonl", "x\n" * 30)
    load("web")
    assert place.ask("SELECT count(*), sum(records)::BIGINT FROM raw.rejects") == [(10, 30)]


def test_of_many_large_rejects_the_first_are_kept_whole(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGE_REJECTS", 5_000_000)
    monkeypatch.setattr(files, "BYTES_AT_ONCE", 1)
    large = [f"{number}{'x' * 4_200_000}" for number in range(3)]
    envelopes = [
        json.dumps({"batch": [message(f"m{n}{i}", name="z" * 500) for i in range(3000)]}) for n in range(2)
    ]
    place.land("a.jsonl.gz", "\n".join([*large, *envelopes, "x"]))
    assert counts(load("web"), "web_events") == (6004, 6000, 0, 4)
    assert place.column("SELECT length(record) FROM raw.rejects ORDER BY locator::INT") == [
        4_200_001,
        4096,
        4096,
        1,
    ]


def test_a_file_that_does_not_fit_into_memory_is_set_aside_once_and_the_others_load(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "MEMORY_LIMIT", "100MB")
    place.land("a.jsonl", lines(message("m1")))
    envelope = {"batch": [message(f"e{n}", properties={"x": ["y"] * 20}) for n in range(60_000)]}
    place.land("b.jsonl.gz", lines(*[envelope] * 3, message("m2")))
    place.land("c.jsonl.gz", lines(message("m3")))
    report = load("web")
    assert "Set aside, since they do not fit into memory: " in report.message
    assert "b.jsonl.gz" in report.message
    assert place.column("SELECT message_id FROM raw.web_events ORDER BY 1") == ["m1", "m3"]
    assert place.ask("SELECT object, reason FROM raw.rejects") == [
        (f"{place.landing()}/b.jsonl.gz", "unreadable_file")
    ]
    assert load("web").message == "Nothing new."


@pytest.mark.slow
def test_half_a_gigabyte_of_lines_of_17_mb_is_read_in_bounded_memory(place: Place) -> None:
    _zip(place.landing() / "bomb.jsonl.gz", (b"x" * 17_000_000 + b"\n" for _ in range(30)))
    place.land("good.jsonl", lines(*(message(f"m{n}") for n in range(10_001))))
    assert peak_mb(LOAD) < MOST_MB
    assert place.column("SELECT count(*) FROM raw.web_events") == [10_001]
    assert place.ask("SELECT object, sum(records)::INT FROM raw.rejects GROUP BY ALL") == [
        (f"{place.landing()}/bomb.jsonl.gz", 30)
    ]


def _zip(path: Path, parts: Iterator[bytes]) -> None:
    with gzip.open(path, "wb", compresslevel=6) as file:
        for part in parts:
            file.write(part)
