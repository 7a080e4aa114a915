"""Alerts, sent to a real server on this machine, of real runs of the small project."""

import logging
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.alerts import Alert, Finding, first_sentence, post, send_alert
from orchestration.assets.changes import PUBLISHED_KEY
from orchestration.assets.checks import LOCATIONS_ARE_HEARD, every_location_is_heard
from orchestration.definitions import stale_marts
from orchestration.settings import Settings, read_settings
from publishing import publish
from tests.orchestration.conftest import Place, message, refresh_by_hand
from tests.orchestration.webhook_server import SECRET, Mood, Webhook
from tests.publishing.conftest import COLUMNS, MARTS, manifest_of

ALERT = Alert(
    "a <test> & more.", [Finding("here", "this & that.", "Fix it."), Finding("there", "so.", "Fix it.")]
)
PERSON = "zebulon.quartermain@example.org"


@pytest.fixture
def settings(place: Place, webhook: Webhook) -> Settings:
    """The place's settings, with the webhook."""
    return replace(place.settings, alerts_webhook_url=webhook.address)


@pytest.mark.slow  # test_gates.py and test_refresh.py show in every run what else a failed run reports
def test_a_model_that_chokes_on_a_value_is_reported_without_the_value(place: Place, webhook: Webhook) -> None:
    place.land("good.jsonl", message("m1", "web", PERSON))
    staging = place.folder / "dbt_project" / "models" / "staging" / "stg_web__events.sql"
    staging.write_text(
        staging.read_text().replace("web_events.name as", "cast(web_events.name as integer) as")
    )
    done = refresh_by_hand(place, ALERTS_WEBHOOK_URL=webhook.address)
    assert done.returncode == 1
    assert PERSON in done.stdout, "or there was nothing to keep out of the alert"
    [text] = webhook.texts
    assert "• dbt_build: Failure in model stg_web__events" in text
    assert PERSON not in text
    log = (place.folder / "refresh.log").read_text()
    assert text in log, "the log has the alert too"
    assert SECRET not in log + done.stdout + done.stderr


@pytest.mark.parametrize(
    ("mood", "complaint"),
    [
        ("well", ""),
        ("broken", "it answers 500"),
        ("moved", "it answers 302 and leads elsewhere"),
        ("silent", "it gave no answer in 0.5 s"),
        ("dripping", "it gave no answer in 0.5 s"),
    ],
)
def test_a_webhook_in_any_mood_neither_fails_nor_holds_up(
    webhook: Webhook, mood: Mood, complaint: str
) -> None:
    webhook.mood = mood
    started = time.monotonic()
    said = post(webhook.address, "text", seconds=0.5)
    assert time.monotonic() - started < 5
    assert said == complaint or (mood == "silent" and "timed out" in said)
    assert webhook.texts == ["text"]


@pytest.mark.parametrize(
    "address",
    [
        f"http://127.0.0.1:9/{SECRET}",
        f"http://nowhere.invalid/{SECRET}",
        f"http://[{SECRET}",
        f"http:// {SECRET}",
    ],
)
def test_a_webhook_that_is_not_there_is_said_without_its_address(
    place: Place, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("test_alerts")
    with caplog.at_level(logging.INFO, logger=log.name):
        send_alert(ALERT, replace(place.settings, alerts_webhook_url=address), log)
    assert "The alert was not delivered to the webhook: it cannot be reached" in caplog.text
    assert "this & that" in caplog.text
    assert SECRET not in caplog.text
    assert "nowhere" not in caplog.text


def test_slack_reads_no_markup_in_an_alert(settings: Settings, webhook: Webhook) -> None:
    send_alert(ALERT, settings, logging.getLogger("test_alerts"))
    assert webhook.received == [
        {
            "text": "Throughline: a &lt;test&gt; &amp; more.\n• here: this &amp; that.\n• there: so.\n"
            "What to do: Fix it."
        }
    ]


def test_a_long_alert_is_cut_and_says_how_much_is_missing(settings: Settings, webhook: Webhook) -> None:
    findings = [Finding(f"place {number}", "word " * 200, "Fix it.") for number in range(14)]
    send_alert(Alert("many.", findings), settings, logging.getLogger("test_alerts"))
    assert len(webhook.texts[0]) == 3000
    send_alert(
        Alert("many.", [replace(each, cause="so.") for each in findings]),
        settings,
        logging.getLogger("test_alerts"),
    )
    assert "• and 4 more" in webhook.texts[1]


def test_without_a_webhook_the_alert_is_in_the_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("test_alerts")
    with caplog.at_level(logging.INFO, logger=log.name):
        send_alert(ALERT, place.settings, log)
    assert "• here: this & that." in caplog.text
    assert "ALERTS_WEBHOOK_URL is not set" in caplog.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Could not convert string 'Ana Li' to INT32\nLINE 1: ...", "Could not convert string … to INT32."),
        ("no number: 'Liam O'Brien' (and 'Ana') here", "no number: …) here."),
        ("mail to ana.li@example.org bounced. And more.", "mail to … bounced."),
        ('key ("Ana", +1 (312) 555-0143) born 1990-05-06', "key (…, …) born …."),
        ("postgresql://reader:secret@pos/till is down", "postgresql://reader:… is down."),
        ("no number: 'Ana. Li' here", "no number: …."),
        ('no day: "Ana\nLi" here', "no day: …."),
        ("It's what isn't there", "It's what isn't there."),
        ("\n\n", "no cause is known."),
    ],
)
def test_the_first_sentence_of_a_cause_holds_no_values(said: str, sentence: str) -> None:
    assert first_sentence(said) == sentence


def _look_for_silence(instance: dg.DagsterInstance, settings: Settings) -> dg.AssetCheckEvaluation:
    @dg.asset(key=PUBLISHED_KEY)
    def published_marts() -> None:
        """Stand for the publication, after which the check runs."""

    result = dg.materialize(
        [published_marts, every_location_is_heard], instance=instance, resources={"settings": settings}
    )
    [evaluation] = result.get_asset_check_evaluations()
    assert evaluation.check_name == LOCATIONS_ARE_HEARD
    return evaluation


def _completeness(place: Place, *silent: tuple[str, str]) -> None:
    with closing(duckdb.connect(place.settings.warehouse)) as warehouse:
        warehouse.execute("create schema if not exists marts")
        warehouse.execute(
            "create or replace table marts.mart_completeness (source_system varchar, location_id varchar,"
            " last_record_at timestamp, expected_every_hours double, silent_hours double, is_silent boolean,"
            " message varchar)"
        )
        warehouse.execute(
            "insert into marts.mart_completeness values ('web', '(all)', now(), 1, 0, false, 'fine')"
        )
        for location, since in silent:
            warehouse.execute(
                "insert into marts.mart_completeness values ('store', ?, ?, 2, 30, true, ?)",
                [location, since, f"nothing since {since}; usual is every 2 hours."],
            )


def test_each_silence_of_a_location_is_reported_once(
    place: Place, instance: dg.DagsterInstance, settings: Settings, webhook: Webhook
) -> None:
    duckdb.connect(place.settings.warehouse).close()
    assert _look_for_silence(instance, settings).passed, "there is no such mart yet"
    _completeness(place, ("L17", "2026-04-28"))
    check = _look_for_silence(instance, settings)
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    _look_for_silence(instance, settings)
    assert len(webhook.texts) == 1, "it is still the same silence"
    _completeness(place, ("L17", "2026-04-28"), ("L18", "2026-04-29"))
    _look_for_silence(instance, settings)
    _completeness(place)
    assert _look_for_silence(instance, settings).passed
    _completeness(place, ("L17", "2026-04-30"))
    _look_for_silence(instance, settings)
    lines = [text.splitlines()[1] for text in webhook.texts]
    assert lines == [
        "• store L17: nothing since 2026-04-28; usual is every 2 hours.",
        "• store L18: nothing since 2026-04-29; usual is every 2 hours.",
        "• store L17: nothing since 2026-04-30; usual is every 2 hours.",
    ]


def test_a_silence_names_its_location_once_and_a_silent_source_not_its_places(
    place: Place, instance: dg.DagsterInstance, settings: Settings, webhook: Webhook
) -> None:
    _completeness(place)
    since = "silent since Monday 2026-04-20"
    with closing(duckdb.connect(place.settings.warehouse)) as warehouse:
        warehouse.execute(
            "insert into marts.mart_completeness by name"
            " select col0 as source_system, col1 as location_id, timestamp '2026-04-20' as last_record_at,"
            " true as is_silent, concat(col2, ' ', ?) as message from (values"
            " ('app', '(all)', 'app'), ('app', 'P1', 'app, P1'),"
            " ('store', 'L1', 'store, L1'), ('store', 'L2', 'store, L2 Main Street'))",
            [since],
        )
    check = _look_for_silence(instance, settings)
    lines = [f"app: {since}.", f"store L1: {since}.", f"store L2: L2 Main Street {since}."]
    assert (check.description or "").splitlines() == lines
    assert webhook.texts[0].splitlines()[1:4] == [f"• {line}" for line in lines]


def _look_at_age(
    instance: dg.DagsterInstance, settings: Settings, cursor: str | None
) -> dg.SensorResult | dg.SkipReason:
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"settings": settings})
    answer = stale_marts(context)
    assert isinstance(answer, dg.SensorResult | dg.SkipReason)
    return answer


def _publish(place: Place, run_at: datetime) -> str:
    warehouse, manifest = place.folder / "other.duckdb", place.folder / "manifest.json"
    with closing(duckdb.connect(warehouse)) as connection:
        connection.execute(MARTS)
    manifest.write_text(manifest_of(COLUMNS))
    return publish(
        warehouse=warehouse, marts=place.settings.marts, manifest=manifest, run_at=run_at, sources={}, key="k"
    ).version


def test_stale_marts_are_reported_once_a_day(
    place: Place, instance: dg.DagsterInstance, settings: Settings, webhook: Webhook
) -> None:
    assert isinstance(_look_at_age(instance, settings, None), dg.SkipReason), "nothing is published yet"
    version = _publish(place, datetime.now(UTC) - timedelta(hours=37))
    first = _look_at_age(instance, settings, None)
    assert isinstance(first, dg.SensorResult)
    assert isinstance(_look_at_age(instance, settings, first.cursor), dg.SkipReason)
    assert isinstance(_look_at_age(instance, settings, "2026-01-01"), dg.SensorResult), "another day"
    assert len(webhook.texts) == 2
    assert "the marts are stale." in webhook.texts[0]
    assert "37 hours ago. They may be 36 hours old." in webhook.texts[0]
    assert isinstance(_look_at_age(instance, replace(settings, stale_after_hours=38), None), dg.SkipReason)
    _say_unchanged(instance, "another version")
    assert isinstance(_look_at_age(instance, settings, None), dg.SensorResult)
    _say_unchanged(instance, version)
    assert isinstance(_look_at_age(instance, settings, None), dg.SkipReason), (
        "a run has just found nothing new"
    )


def _say_unchanged(instance: dg.DagsterInstance, version: str) -> None:
    @dg.asset(key=PUBLISHED_KEY)
    def published_marts() -> dg.MaterializeResult[None]:
        """Report what the step of publishing reports where nothing has changed."""
        return dg.MaterializeResult(metadata={"version": version})

    assert dg.materialize([published_marts], instance=instance).success


def test_secrets_are_in_no_picture_of_the_settings(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "WAREHOUSE_PATH": str(tmp_path / "w.duckdb"),
            "IDENTITY_SALT": "pepper",
            "ALERTS_WEBHOOK_URL": f"https://{SECRET}",
        }
    )
    assert settings.alerts_webhook_url
    assert "pepper" not in repr(settings)
    assert SECRET not in repr(settings)
