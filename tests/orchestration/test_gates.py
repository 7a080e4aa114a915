"""The gates, end to end: real landing files, dlt, Great Expectations, dbt and publishing."""

from dataclasses import replace
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import failed_refresh
from orchestration.failures import alert_of
from tests.orchestration.conftest import Place, checks_of, message, steps_of
from tests.orchestration.webhook_server import Webhook

GOOD = [message("m1", "web", "digital"), message("m2", "store", "physical")]


def test_gates_let_good_data_through_and_hold_bad_data_back(
    place: Place, instance: dg.DagsterInstance, webhook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One story in one test: each refresh starts where the last one left off."""
    place.land("good.jsonl", *GOOD)
    _good_data_is_published(place, place.refresh(instance))
    published = place.settings.marts.read_bytes()

    place.land("odd_group.jsonl", message("m3", "fax", "physical"))
    failed = place.refresh(instance)
    _a_failing_mart_check_stops_publishing(place, failed)
    assert place.settings.marts.read_bytes() == published
    _the_failing_check_is_reported_once(place, instance, failed, webhook)

    place.land("broken.jsonl", message("m4", "app", "digital"), "not json", "nor this", "nor that")
    monkeypatch.setenv("SOURCES__STORE__CREDENTIALS", "sqlite:///no/till.db")
    failed = place.refresh(instance)
    _a_failing_raw_check_stops_dbt(place, failed)
    _a_failed_source_is_not_reported_as_published(instance, failed)
    assert place.settings.marts.read_bytes() == published


def _good_data_is_published(place: Place, result: dg.ExecuteInProcessResult) -> None:
    assert result.success
    assert set(steps_of(result).values()) == {"done"}
    assert place.rows("select channel from marts.dim_channels order by 1", published=True) == [
        ("store",),
        ("web",),
    ]
    assert place.rows("select is_complete, sources['web'] from marts.publication", published=True) == [
        (True, "loaded")
    ]
    checks = checks_of(result)
    assert all(check.passed for check in checks.values())
    assert "staging/stg_web__events unique_stg_web__events_message_id" in checks, "dbt tests are checks"
    page_shown = checks["raw/web_events expectations"].metadata["data_docs"]
    assert isinstance(page_shown, dg.PathMetadataValue), "browsers follow no file:// from the UI's page"
    page = Path(str(page_shown.value))
    assert page.name == "web_events.html"
    assert "raw.web_events" in page.read_text()
    assert (page.parents[1] / "index.html").read_text().count("passed") > 15
    clock = place.rows(
        "select distinct run_at = timestamptz '2026-04-30 12:00:00+00' from staging.stg_web__events"
    )
    assert clock == [(True,)], "dbt is given the clock of the run"
    _load_figures_are_metadata(result)
    shown = [
        entry.value
        for event in result.all_events
        if event.is_step_materialization
        for entry in event.step_materialization_data.materialization.metadata.values()
    ]
    assert str(place.settings.marts.with_name("data_dictionary.html")) in shown
    assert not [value for value in shown if str(value).startswith("file:")]


def _a_failed_source_is_not_reported_as_published(
    instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult
) -> None:
    text = alert_of(instance, result.dagster_run).text
    assert "• source store: " in text
    assert "Nothing was published" in text
    assert "are published" not in text


def _load_figures_are_metadata(result: dg.ExecuteInProcessResult) -> None:
    [web] = [
        event.step_materialization_data.materialization
        for event in result.all_events
        if event.is_step_materialization and event.asset_key == dg.AssetKey(["raw", "web_events"])
    ]
    figures = {name: entry.value for name, entry in web.metadata.items()}
    assert figures["status"] == "loaded"
    assert (figures["records_read"], figures["records_loaded"], figures["dagster/row_count"]) == (2, 2, 2)


def _a_failing_mart_check_stops_publishing(place: Place, result: dg.ExecuteInProcessResult) -> None:
    steps = steps_of(result)
    assert not result.success
    assert (steps["dbt_build"], steps["marts_gate"]) == ("done", "failed")
    assert "published__marts" not in steps
    check = checks_of(result)["marts/dim_channels expectations"]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert "channels of the group physical are places, and no others" in str(check.description)
    assert "channel fax" in str(check.description)
    assert place.rows("select count(*) from marts.dim_channels") == [(3,)], "it is there to be looked at"


def _the_failing_check_is_reported_once(
    place: Place, instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult, webhook: Webhook
) -> None:
    """The daemon's sensor hears of the run, and hears of it again."""
    settings = replace(place.settings, alerts_webhook_url=webhook.address)
    [failure] = [event for event in result.all_events if event.event_type == dg.DagsterEventType.RUN_FAILURE]
    for _ in range(2):
        context = dg.build_run_status_sensor_context(
            sensor_name=failed_refresh.name,
            dagster_event=failure,
            dagster_instance=instance,
            dagster_run=result.dagster_run,
            resources={"settings": settings},
        )
        failed_refresh(context.for_run_failure())
    [text] = webhook.texts
    title, finding, to_do = text.splitlines()
    assert title == f"Throughline: run {result.run_id[:8]} of refresh failed."
    assert finding.startswith(
        "• marts_gate, check expectations of marts/dim_channels: channels of the group physical are places"
    )
    assert finding.endswith(": not so for 1 row(s).")
    assert to_do.startswith("What to do: Nothing was published")
    assert "fax" not in text, "the keys of rows stay in the house"


def _a_failing_raw_check_stops_dbt(place: Place, result: dg.ExecuteInProcessResult) -> None:
    steps = steps_of(result)
    assert not result.success
    assert steps["ledger_gate"] == "failed"
    assert "dbt_build" not in steps
    assert place.rows("select count(*) from raw.web_events") == [(4,)], "the file's one good line is loaded"
    assert place.rows("select count(*) from staging.stg_web__events") == [(3,)]
    check = checks_of(result)["raw/load_ledger expectations"]
    assert "more than half of its records rejected" in str(check.description)
    assert "broken.jsonl" in str(check.description)
