"""`why` and `what_if` as a steward runs them, on people that records, rules and limits have made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.identity.merge_stories import STORIES
from tests.identity.people import IdentityWarehouse
from tests.pipeline_run.dbt_in_process import REPOSITORY, DbtProject

CHAIN = next(story for story in STORIES if story.name == "chain")
TWO_ACCOUNTS = next(story for story in STORIES if story.name == "merge_then_conflicting_account")


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, dbt: DbtProject) -> Path:
    made = IdentityWarehouse(tmp_path_factory.mktemp("steward") / "warehouse.duckdb", dbt)
    stories = (CHAIN, TWO_ACCOUNTS)
    made.deliver({story.name: [record for batch in story.batches for record in batch] for story in stories})
    made.run(select="+identity_map")
    return made.path


def ask(warehouse: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "WAREHOUSE_PATH": str(warehouse),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_why_names_each_link_and_the_record_that_shows_it(warehouse: Path) -> None:
    answer = ask(warehouse, "stewardship.why", "user_id:chain-1", "member_id:chain-m")
    assert answer.returncode == 0, answer.stderr
    assert "are the same person" in answer.stdout
    assert [answer.stdout.count(f"  {number}. ") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert answer.stdout.count("first shown by") == 3


@pytest.mark.slow
def test_why_not_names_the_link_that_was_dropped(warehouse: Path) -> None:
    one, other = (f"user_id:{TWO_ACCOUNTS.name}-{number}" for number in (1, 2))
    answer = ask(warehouse, "stewardship.why", one, other)
    assert answer.returncode == 0, "that they are two is an answer, and no error of make"
    assert "are not the same person" in answer.stdout
    assert "more than 1 user_id for one person" in answer.stdout


@pytest.mark.slow
def test_what_if_names_who_would_merge_and_leaves_the_warehouse_alone(warehouse: Path) -> None:
    before = warehouse.read_bytes()
    answer = ask(warehouse, "stewardship.what_if", "user_id.max_values_per_person=2")
    assert answer.returncode == 0, answer.stderr
    said, outcome = answer.stdout.splitlines()[:2]
    assert said == "Rebuilding identity in a copy, with user_id.max_values_per_person=2 ..."
    assert outcome == "1 groups of customers would merge, 0 would split"
    answer = ask(warehouse, "stewardship.what_if", "phone.max_people_per_value=0")
    assert "0 groups of customers would merge, 1 would split" in answer.stdout
    assert warehouse.read_bytes() == before
