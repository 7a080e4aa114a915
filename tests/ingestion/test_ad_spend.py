"""Advertising costs: of each day, channel and campaign the row delivered last."""

import os

import pytest

from ingestion.errors import SourceError
from ingestion.sources import load
from tests.ingestion.place import Place, counts, lines, message

HEADER = "date,channel,campaign,currency,spend,impressions,clicks\n"


def _deliver(place: Place, name: str, rows: str, day: int) -> None:
    path = place.land(f"ad_spend/{name}", rows, "marketing")
    os.utime(path, (1_780_000_000 + day * 86_400,) * 2)


def _spend(place: Place) -> list[tuple[str, str]]:
    return place.ask("SELECT campaign, spend::VARCHAR FROM raw.marketing_ad_spend ORDER BY 1")


def test_the_last_row_wins_within_a_file_and_a_run(place: Place) -> None:
    place.land("email.jsonl", lines(message("m1")), "marketing")
    _deliver(
        place,
        "a.csv",
        "\ufeff" + HEADER + "2026-05-01,search,spring,USD,10.5,1000,10\n"
        '2026-05-01,search,spring,USD,11.5,1000,11\n\n"2026-05-01",search,"sale, big",USD,3,,\n',
        1,
    )
    _deliver(place, "b.csv.gz", HEADER + "2026-05-01,search,spring,USD,12.25,1200,12\n", 2)
    report = load("marketing")
    assert counts(report, "marketing_events") == (1, 1, 0, 0)
    assert counts(report, "marketing_ad_spend") == (4, 2, 2, 0)
    assert _spend(place) == [("sale, big", "3.0000"), ("spring", "12.2500")]
    assert load("marketing").tables == {}
    _deliver(
        place,
        "c.csv",
        HEADER + "2026-05-01,search,spring,USD,12.25,1200,12\n2026-05-02,search,spring,USD,1,1,1\n",
        3,
    )
    assert counts(load("marketing"), "marketing_ad_spend") == (2, 1, 1, 0)


@pytest.mark.parametrize("order", [(1, 3, 2), (3, 1, 2)])
def test_a_late_file_does_not_replace_a_later_delivery(place: Place, order: tuple[int, ...]) -> None:
    spent = {1: "5", 2: "6", 3: "5"}
    for day in order:
        _deliver(place, f"{day}.csv", HEADER + f"2026-05-01,search,spring,USD,{spent[day]},1,1\n", day)
        load("marketing")
    assert _spend(place) == [("spring", "5.0000")]


def test_the_same_bytes_with_a_later_time_do_not_undo_a_correction(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    rows = HEADER + "2026-05-01,search,spring,USD,{},1,1\n"
    _deliver(place, "a.csv", rows.format(10), 1)
    _deliver(place, "b_corrected.csv", rows.format(12), 2)
    load("marketing")
    _deliver(place, "a.csv", rows.format(10), 3)
    _deliver(place, "b_corrected.csv", rows.format(12), 5)
    assert counts(load("marketing"), "marketing_ad_spend") == (0, 0, 0, 0)
    assert _spend(place) == [("spring", "12.0000")]
    _deliver(place, "c.csv", rows.format(11), 4)
    with caplog.at_level("INFO"):
        load("marketing")
    assert "marketing: reading 1 files of advertising costs" in caplog.text, "it is known by its new time"
    assert _spend(place) == [("spring", "11.0000")]


def test_a_file_that_names_a_known_column_twice_is_refused(place: Place) -> None:
    header = HEADER.replace("spend", "spend,Spend")
    _deliver(place, "a.csv", header + "2026-05-01,search,spring,USD,10,99,1,1\n", 1)
    with pytest.raises(SourceError, match=r"a\.csv: its first line names more than one column spend$"):
        load("marketing")
    assert _spend(place) == []


def test_bad_rows_are_rejected(place: Place) -> None:
    bad = [
        "2026-05-01,search,a,USD,lots,1,1",
        "2026-05-01,search,b,USD,1,1.5,1",
        "2026-05-32,search,c,USD,1,1,1",
        "2026-05-01,,d,USD,1,1,1",
        "2026-05-01,search,e",
        "2026-05-01,search,f,USD,,1,1",
        "2026-05-01,search,g,,1,1,1",
    ]
    _deliver(place, "a.csv", HEADER + "\n".join(bad) + "\n2026-05-01,search,ok,EUR,1,,\n", 1)
    assert counts(load("marketing"), "marketing_ad_spend") == (8, 1, 0, 7)
    assert place.reasons() == {
        "type_mismatch": 3,
        "missing_key": 1,
        "missing_value": 2,
        "wrong_column_count": 1,
    }
    assert sorted(place.column("SELECT record FROM raw.rejects")) == sorted(bad)


def test_a_file_without_the_header_is_named_and_the_others_load(place: Place) -> None:
    _deliver(place, "bad.csv", "day;channel\n", 1)
    _deliver(place, "good.csv", HEADER + "2026-05-01,search,spring,USD,1,1,1\n", 1)
    place.land("email.jsonl", lines(message("m1")), "marketing")
    with pytest.raises(
        SourceError, match=r"ad_spend/bad\.csv: its first line names no column date, channel, campaign"
    ):
        load("marketing")
    assert _spend(place) == [("spring", "1.0000")]
    assert place.column("SELECT message_id FROM raw.marketing_events") == ["m1"]


@pytest.mark.parametrize(
    "line", ["a\rb,search,x,USD,1,1,1", "2026-05-01,search," + "x" * 200_000 + ",USD,1,1,1"]
)
def test_a_line_that_is_no_csv_costs_only_itself(place: Place, line: str) -> None:
    _deliver(place, "a.csv", HEADER + line + "\n2026-05-01,search,spring,USD,5,1,1\n", 1)
    assert counts(load("marketing"), "marketing_ad_spend") == (2, 1, 0, 1)
    assert place.ask("SELECT reason, record FROM raw.rejects") == [("not_csv", line)]


def test_a_new_column_of_costs_is_kept_and_reported_and_so_is_one_that_vanishes(place: Place) -> None:
    header = HEADER.replace("clicks", "conversions")
    _deliver(place, "a.csv", header + "2026-05-01,search,spring,USD,5,1,7\n", 1)
    report = load("marketing")
    assert "a.csv has more than is known, kept in extras: conversions." in report.message
    assert "a.csv lacks clicks" in report.message
    assert "nothing reads" not in report.message
    assert place.ask("SELECT clicks, extras->>'conversions' FROM raw.marketing_ad_spend") == [(None, "7")]
