"""`python -m orchestration.refresh`: a broken source fails alone and aloud; dead runs are cleared away."""

import sqlite3
from contextlib import closing

import dagster as dg

from tests.orchestration.conftest import Place, message, refresh_by_hand
from tests.orchestration.webhook_server import SECRET, Webhook

PASSWORD = "planted-password"
SECRETS = (PASSWORD, SECRET, "only-for-tests")


def test_a_broken_source_fails_alone_and_the_run_names_it(
    place: Place, instance: dg.DagsterInstance, webhook: Webhook
) -> None:
    place.land("good.jsonl", message("m1", "web", "digital"))
    store = f"postgresql://reader:{PASSWORD}@127.0.0.1:9/till"
    done = refresh_by_hand(place, SOURCES__STORE__CREDENTIALS=store, ALERTS_WEBHOOK_URL=webhook.address)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "The run FAILED" in done.stdout
    assert "cannot open postgresql://reader:***@127.0.0.1:9/till" in done.stdout
    figures = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    assert figures["web"] == ["1", "1", "0", "0"]
    assert figures["app"][:2] == ["not", "configured:"]
    assert figures["store"][-1] == "FAILED"
    assert place.rows("select channel from marts.dim_channels", published=True) == [("web",)]
    assert place.rows("select is_complete, sources['store'] from publication", published=True) == [
        (False, "failed")
    ]
    # As the UI asks for the runs of a job.
    of_job = dg.RunsFilter(
        job_name="refresh", tags={".dagster/repository": "__repository__@throughline"}, exclude_subruns=True
    )
    [run] = instance.get_runs(of_job)
    assert (run.job_name, run.status) == ("refresh", dg.DagsterRunStatus.FAILURE)
    _it_was_reported_once(place, run, webhook)
    assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr + _kept(place)]


def _it_was_reported_once(place: Place, run: dg.DagsterRun, webhook: Webhook) -> None:
    [text] = webhook.texts
    title, finding, to_do = text.splitlines()
    assert title == f"Throughline: run {run.run_id[:8]} of refresh failed."
    assert finding.startswith("• source store: ")
    assert finding.endswith("Connection refused.")
    assert to_do.startswith("What to do: The marts are published with what the other sources brought.")
    assert text in (place.folder / "refresh.log").read_text(), "the log has the alert too"


def _kept(place: Place) -> str:
    """All that a run leaves behind in text: logs, reports, what is published, and Dagster's databases."""
    files = [file for file in place.folder.rglob("*") if file.is_file()]
    texts = [file.read_text(errors="replace") for file in files]
    databases = [file for file in files if file.suffix == ".db"]
    assert databases
    for file in databases:
        with closing(sqlite3.connect(file)) as database:
            texts += database.iterdump()
    return "\n".join(texts)


def test_a_setting_that_cannot_be_read_is_named(place: Place) -> None:
    done = refresh_by_hand(place, PUBLISH_PII="perhaps")
    assert done.returncode == 1
    assert done.stderr.strip() == "PUBLISH_PII is 'perhaps', but must be true or false."


def test_a_dbt_project_that_cannot_be_parsed_is_named(place: Place) -> None:
    (place.folder / "dbt_project" / "models" / "staging" / "broken.sql").write_text(
        "select {{ ref('nothing') }}"
    )
    done = refresh_by_hand(place)
    assert done.returncode == 1
    assert "nothing" in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
