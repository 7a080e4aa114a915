"""Listing and opening: remote folders, many files, odd names."""

import os
from pathlib import Path

import fsspec
import pytest

from ingestion.errors import SourceError
from ingestion.sources import load
from tests.ingestion.place import Place, counts, lines, message


def test_a_remote_folder_is_read_by_url(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    remote = fsspec.filesystem("memory")
    remote.pipe_file("/lake/web/2026/a.jsonl", lines(message("r1"), message("r2")).encode())
    remote.pipe_file("/lake/web/b.json", b"\n" + lines(message("r2"), message("r3")).encode() + b"\xff\n")
    monkeypatch.setenv("SOURCES__WEB__BUCKET_URL", "memory://lake/web")
    assert counts(load("web"), "web_events") == (5, 3, 1, 1)
    assert place.ask("SELECT object, length(checksum), bytes > 0 FROM raw.load_ledger ORDER BY 1") == [
        ("memory://lake/web/2026/a.jsonl", 64, True),
        ("memory://lake/web/b.json", 64, True),
    ]
    assert load("web").tables == {}


def test_one_file_that_duckdb_refuses_does_not_slow_or_stop_the_others(place: Place) -> None:
    for number in range(40):
        place.land(f"{number:02}.jsonl", lines(message(f"f{number}"), message(f"f{number + 1}")))
    place.land("17-odd.jsonl", lines(message("x")).encode() + b'{"a": "\xff"}\n')
    place.land("with [brackets] and * .jsonl", lines(message("y")))
    place.land("it's.jsonl", lines(message("z")))
    assert counts(load("web"), "web_events") == (84, 44, 39, 1)
    assert place.ask("SELECT count(*), min(source_line), max(source_line) FROM raw.web_events") == [
        (44, 1, 2)
    ]
    assert place.column("SELECT locator FROM raw.rejects") == ["2"]


def test_files_that_nothing_reads_are_named_in_the_report_of_every_run(place: Place) -> None:
    meant = ("ad_spend/costs.csv", "2026/events.ndjson", "_old.csv")
    on_their_way = ("a.jsonl.tmp", "b.json.part", "c.jsonl~")
    hidden = (".DS_Store", ".git/config", "2026/_SUCCESS", "_temporary/0/part-0.parquet")
    for name in (*meant, *on_their_way, *hidden):
        place.land(name, lines(message(name)))
    place.land("read.jsonl", lines(message("m1")))
    unread = "The folder of web has files that nothing reads: '2026/events.ndjson', '_old.csv', 'ad_spend/costs.csv'."
    assert load("web").message == f"1 of 1 records are new; 0 are rejected. {unread}"
    assert load("web").message == f"Nothing new. {unread}"


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("nonsense://lake/web", r"cannot open nonsense://lake/web: "),
        ("gs://lake/web", r"gs://lake/web needs credentials; SOURCES__WEB__CREDENTIALS__… are not set$"),
    ],
)
def test_a_bucket_that_cannot_be_opened_is_named(
    place: Place, monkeypatch: pytest.MonkeyPatch, url: str, problem: str
) -> None:
    monkeypatch.setenv("SOURCES__WEB__BUCKET_URL", url)
    with pytest.raises(SourceError, match=f"web: {problem}"):
        load("web")


def test_a_pipe_among_the_files_is_named_and_waited_for_by_nobody(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1")))
    os.mkfifo(place.landing() / "b.jsonl")
    with pytest.raises(SourceError, match=r"cannot read .*/b\.jsonl: it is not a regular file"):
        load("web")
    assert place.column("SELECT message_id FROM raw.web_events") == ["m1"]


def test_links_are_followed_and_links_in_a_circle_come_to_an_end(place: Place) -> None:
    elsewhere = place.folder / "elsewhere"
    (elsewhere / "deep").mkdir(parents=True)
    (elsewhere / "deep" / "x.jsonl").write_text(lines(message("linked")))
    (elsewhere / "deep" / "back").symlink_to(elsewhere)
    place.land("own/a.jsonl", lines(message("own")))
    (place.landing() / "2026").symlink_to(elsewhere)
    (place.landing() / "again").symlink_to(place.landing() / "own")
    (place.landing() / "up").symlink_to(place.landing())
    assert counts(load("web"), "web_events") == (2, 2, 0, 0)
    assert place.column("SELECT object FROM raw.load_ledger ORDER BY 1") == [
        f"{place.landing()}/2026/deep/x.jsonl",
        f"{place.landing()}/own/a.jsonl",
    ]
    assert load("web").tables == {}


def test_what_a_link_leads_to_is_read_again_when_it_changes(place: Place) -> None:
    target = place.folder / "target.jsonl"
    target.write_text(lines(message("first")))
    (place.landing() / "link.jsonl").symlink_to(target)
    load("web")
    target.write_text(lines(message("other")))
    os.utime(target, (1_790_000_000,) * 2)
    assert counts(load("web"), "web_events") == (1, 1, 0, 0)
    assert place.column("SELECT message_id FROM raw.web_events ORDER BY 1") == ["first", "other"]


@pytest.mark.parametrize(("name", "problem"), [("gone.jsonl", "cannot read .*"), ("2026", "cannot list .*")])
def test_a_link_to_nothing_is_named(place: Place, name: str, problem: str) -> None:
    (place.landing() / name).symlink_to(place.folder / "nothing")
    with pytest.raises(SourceError, match=rf"{problem}: .*No such file or directory: .*/web/{name}'"):
        load("web")


def test_a_name_that_is_not_text_is_shown_as_its_bytes(place: Place) -> None:
    path = os.fsencode(place.landing()) + b"/caf\xe9.jsonl"
    Path(os.fsdecode(path)).write_text(lines(message("m1")) + "broken\n")
    assert counts(load("web"), "web_events") == (2, 1, 0, 1)
    assert place.column("SELECT DISTINCT source_file FROM raw.web_events") == [
        f"{place.landing()}/caf\\xe9.jsonl"
    ]
    assert load("web").tables == {}
