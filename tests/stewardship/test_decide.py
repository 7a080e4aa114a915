"""A decision becomes a row of the seed, also with concurrent decisions and any text."""

import csv
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import pytest

from stewardship.decide import SAME, SEED, Decision, DecisionError, read_decisions, write_decision

HEADER = "left_type,left_value,right_type,right_value,decision,decided_by,decided_at,reason\n"
DECISION = Decision(
    "email",
    "ana@example.org",
    "member_id",
    "M1",
    SAME,
    "lea",
    datetime(2026, 4, 30, 12, 5),
    'said "so", in a call',
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / SEED).parent.mkdir()
    (tmp_path / SEED).write_text(HEADER)
    return tmp_path


def test_the_seed_of_the_project_has_these_columns() -> None:
    seed = Path(__file__).parents[2] / "dbt_project" / SEED
    assert seed.read_text().splitlines()[0] == HEADER.strip()


def test_a_decision_becomes_a_row(project: Path) -> None:
    mode = (project / SEED).stat().st_mode
    assert write_decision(project, DECISION) == project / SEED
    assert read_decisions(project) == [{**asdict(DECISION), "decided_at": "2026-04-30 12:05:00"}]
    assert (project / SEED).stat().st_mode == mode


def test_a_row_is_one_line_whatever_is_written(project: Path) -> None:
    write_decision(project, replace(DECISION, reason="one\ntwo\r\x1b, three", decided_by="a,b"))
    write_decision(project, DECISION)
    assert len((project / SEED).read_text().splitlines()) == 3
    assert read_decisions(project)[0]["reason"] == r"one\x0atwo\x0d\x1b, three"


def test_a_last_line_without_an_end_is_kept(project: Path) -> None:
    (project / SEED).write_text(HEADER + "email,a@b.test,phone,+1,do_not_link,lea,2026-01-01 00:00:00,why")
    write_decision(project, DECISION)
    assert [row["left_value"] for row in read_decisions(project)] == ["a@b.test", "ana@example.org"]


def test_many_who_decide_at_once_lose_nothing(project: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: write_decision(project, replace(DECISION, left_value=str(n))), range(40)))
    with (project / SEED).open(newline="") as file:
        assert Counter(row["left_value"] for row in csv.DictReader(file)) == Counter(map(str, range(40)))
    assert [file.name for file in (project / SEED).parent.iterdir()] == [SEED.name]


@pytest.mark.parametrize(
    ("half", "said"),
    [
        (replace(DECISION, reason="  "), "needs a reason"),
        (replace(DECISION, decided_by=""), "needs a reason, and somebody"),
        (replace(DECISION, decision="maybe"), "same_person or do_not_link"),
    ],
)
def test_half_a_decision_is_refused(project: Path, half: Decision, said: str) -> None:
    with pytest.raises(DecisionError, match=said):
        write_decision(project, half)
    assert (project / SEED).read_text() == HEADER


def test_a_file_of_another_form_is_left_alone(project: Path) -> None:
    (project / SEED).write_text("a,b\n1,2\n")
    with pytest.raises(DecisionError, match="does not begin with the columns"):
        write_decision(project, DECISION)
    assert (project / SEED).read_text() == "a,b\n1,2\n"
