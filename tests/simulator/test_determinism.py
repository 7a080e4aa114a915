"""Equal plans give equal bytes in any process, and a person does not depend on other people."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.output_folder import OutputTakenError
from simulator.plan import Plan
from simulator.write import write
from tests.simulator.landed import Simulated


def _written_elsewhere(out: Path, hash_seed: str) -> Simulated:
    """Write a simulation in a process of its own."""
    command = [sys.executable, "-m", "simulator", "write", "--people", "40", "--seed", "3", "--out", str(out)]
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "TZ": "Asia/Tokyo" if hash_seed == "2" else "UTC",
    }
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return Simulated(out)


def test_equal_plans_give_equal_bytes_in_every_process(tmp_path: Path) -> None:
    first = _written_elsewhere(tmp_path / "first", "1").whole_files()
    second = _written_elsewhere(tmp_path / "second", "2").whole_files()
    assert list(first) == list(second)
    assert [name for name in first if first[name] != second[name]] == []


def test_another_seed_gives_other_people(tmp_path: Path) -> None:
    write(Plan(20, seed=1), tmp_path / "one")
    write(Plan(20, seed=2), tmp_path / "two")
    assert Simulated(tmp_path / "one").truth("people") != Simulated(tmp_path / "two").truth("people")


def test_small_spools_write_the_same_files_as_large_ones(tmp_path: Path) -> None:
    write(Plan(20), tmp_path / "large")
    write(Plan(20), tmp_path / "small", spool_bytes=10_000)
    assert Simulated(tmp_path / "large").whole_files() == Simulated(tmp_path / "small").whole_files()


def test_a_person_lives_the_same_life_among_few_and_among_many(tmp_path: Path) -> None:
    write(Plan(30), tmp_path / "few")
    write(Plan(60), tmp_path / "many")
    few, many = Simulated(tmp_path / "few"), Simulated(tmp_path / "many")
    complete = {person["person_id"] for person in few.truth("people")[:25]}
    among_few = [journey for journey in few.truth("journeys") if journey["person_id"] in complete]
    among_many = [journey for journey in many.truth("journeys") if journey["person_id"] in complete]
    assert among_few
    assert among_few == among_many


def test_a_simulation_is_written_over_an_earlier_one_and_leaves_nothing_of_it(tmp_path: Path) -> None:
    write(Plan(30, seed=5), tmp_path)
    write(Plan(10, seed=6), tmp_path)
    write(Plan(10, seed=6), tmp_path / "fresh")
    again = {name: text for name, text in Simulated(tmp_path).whole_files().items() if "fresh" not in name}
    assert again == Simulated(tmp_path / "fresh").whole_files()


def test_data_of_others_is_not_written_over(tmp_path: Path) -> None:
    theirs = tmp_path / "landing" / "web" / "events.jsonl"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("{}\n")
    with pytest.raises(OutputTakenError, match=r"landing/web/events\.jsonl is not a simulation's"):
        write(Plan(5), tmp_path)
    assert theirs.read_text() == "{}\n"


def test_a_simulation_that_broke_off_is_written_again(tmp_path: Path) -> None:
    def break_off(what: str, done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(Plan(20), tmp_path / "broken", progress=break_off)
    write(Plan(20), tmp_path / "broken")
    write(Plan(20), tmp_path / "whole")
    assert Simulated(tmp_path / "broken").whole_files() == Simulated(tmp_path / "whole").whole_files()


def test_nothing_happens_after_the_end_or_before_the_start(simulated: Simulated) -> None:
    records = [r for r in simulated.truth("records") if r["table"] != "store_members"]
    assert min(record["at"] for record in records) >= "2026-08-02T00:00:00.000Z"
    assert max(record["at"] for record in records) < "2026-10-31T00:00:00.000Z"
    received = [message["receivedAt"] for _, message in simulated.messages("app")]
    assert max(received) < "2026-10-31T00:00:00.000Z"
