"""The pages for agents, stewards and operators on the demo, and the decision that the review queue takes."""

import csv
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.end_to_end.dashboard_pages import figure_of, looked_at, shown, text_of, values_of
from tests.end_to_end.workplace import REPOSITORY, State

_LAST_90 = "between run_at::date - 90 and run_at::date - 1"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project whose seed may be written into."""
    ours = tmp_path / "dbt_project"
    shutil.copytree(REPOSITORY / "dbt_project" / "seeds", ours / "seeds")
    shutil.copytree(REPOSITORY / "dbt_project" / "models", ours / "models")
    monkeypatch.setenv("DBT_PROJECT_DIR", str(ours))
    return ours


def test_service_counts_cases_and_contacts(ask: Any) -> None:
    cases, contacts, restarted = ask(
        f"""
        select count(*), sum(contacts), (
            select count(*) filter (outcome = 'restarted') from fct_journey_transitions
            where journey_kind = 'service' and is_handoff
                and from_channel in ('support_chat', 'support_bot') and to_channel = 'support_phone'
        )
        from fct_support_cases, publication where opened_at::date {_LAST_90}
        """
    )
    text = text_of(shown("service"))
    assert cases > 0
    assert f"<span>Cases</span><b>{cases:,}</b><span>{contacts:,} contacts</span>" in text
    assert f"<span>Of these restarted</span><b>{restarted:,}</b>" in text


def test_the_backlog_ends_with_what_is_open(ask: Any) -> None:
    (waiting,) = ask("select count(*) from fct_support_cases where status = 'open'")
    backlog = figure_of(shown("service"), "service_backlog")["data"]
    line = next(each for each in backlog if each["name"] == "Open at the end of the day")
    assert values_of(line["y"])[-1] == waiting


def test_identity_health_shows_the_last_run(ask: Any) -> None:
    people, share = ask(
        "select people, identified_share from mart_identity_health order by run_number desc limit 1"
    )
    text = text_of(shown("identity"))
    assert f"<span>People</span><b>{people:,}</b>" in text
    assert f"<b>{share * 100:.1f} %</b>" in text


def test_a_decision_is_written_into_the_seed_and_nowhere_else(first: State, ask: Any, project: Path) -> None:
    before = first.place.checksum_of_marts()
    review_id, left_type = ask(
        "select review_id, left_type from identity_review order by match_weight desc, review_id limit 1"
    )
    (waiting,) = ask("select count(*) from identity_review")
    page = shown("identity")
    page.text_input(key=f"reason_{review_id}").set_value("one family, two people\x1b")
    page = looked_at(button(page, review_id, "Different people").click().run())
    assert "Decided: different people. Written to identity_decisions.csv" in page.success[0].value
    assert f"{waiting:,} pairs wait, 1 of them are decided and wait for the next refresh." in text_of(page)
    assert f"decide_{review_id}" not in str(page.main)
    with (project / "seeds/identity_decisions.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["decision"], row["left_type"]) == ("do_not_link", left_type)
    assert row["reason"] == "one family, two people\\x1b"
    assert row["decided_by"]
    with closing(duckdb.connect(str(first.place.warehouse), read_only=True)) as warehouse:
        found = warehouse.execute(
            "select count(*) from marts.identity_review where left_value = ? and right_value = ?",
            [row["left_value"], row["right_value"]],
        ).fetchone()
    assert found == (1,), "the seed has the values themselves, which dbt compares"
    assert first.place.checksum_of_marts() == before


def test_a_decision_without_a_reason_is_not_written(ask: Any, project: Path) -> None:
    (review_id,) = ask("select review_id from identity_review order by match_weight desc, review_id limit 1")
    before = (project / "seeds/identity_decisions.csv").read_text()
    page = looked_at(button(shown("identity"), review_id, "Same person").click().run())
    assert "A decision needs a reason" in page.error[0].value
    assert (project / "seeds/identity_decisions.csv").read_text() == before


def test_operations_shows_loads_rejects_and_runs(
    first: State, ask: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(first.place.folder / "dagster_home"))
    rejected, web = ask(
        """
        select
            (select sum(records) from mart_rejects),
            (
                select sum(records_read) from mart_loads
                where source_system = 'web' and loaded_at = (select max(loaded_at) from mart_loads)
            )
        """
    )
    page = shown("operations")
    text = text_of(page)
    assert rejected == ask("select sum(records_rejected) from mart_loads")[0]
    assert f"<span>Records rejected so far</span><b>{rejected:,}</b>" in text
    assert f">{web:,}</td>" in text
    assert "Succeeded" in text


def test_operations_says_that_there_are_no_runs(
    monkeypatch: pytest.MonkeyPatch, ask: Any, tmp_path: Path
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    assert "This machine has no record of runs" in text_of(shown("operations"))
    assert list(tmp_path.iterdir()) == []


def button(page: Any, review_id: str, label: str) -> Any:
    """Return a button of the form of a pair."""
    return next(each for each in page.button if each.label == label and f"decide_{review_id}" in each.form_id)
