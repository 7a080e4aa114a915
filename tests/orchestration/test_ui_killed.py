"""A UI that dies with a refresh under way: the next start ends the run and goes on, be it by hand or by the daemon.

All that `make ui` started is killed at a random instant, as by a power cut or where a container is stopped.
"""

import os
import random
import time

import dagster as dg
import pytest

from orchestration.processes import PROCESS_TAG
from tests.orchestration.conftest import Place, message, refresh_by_hand
from tests.orchestration.ui_server import ui_server, wait_until
from tests.orchestration.webhook_server import Webhook

# `make crash KILLS=50` kills ten of them. A start of the UI takes longer than the refresh of the small project.
KILLS = max(2, int(os.environ.get("KILLS") or 10) // 5)
MOST_SECONDS = 12.0


@pytest.mark.slow
def test_whatever_starts_next_ends_the_run_of_a_ui_that_was_killed(
    place: Place, instance: dg.DagsterInstance, webhook: Webhook
) -> None:
    environment = {**place.environment, "ALERTS_WEBHOOK_URL": webhook.address}
    log = place.folder / "ui.log"
    chance = random.Random(7)
    dead: list[str] = []
    for kill in range(KILLS):
        place.land(f"day_{kill}.jsonl", message(f"m{kill}", "web", "digital"))
        with ui_server(environment, log) as ui:
            if dead:
                # The daemon ends the run that the kill before left, and with the queue free launches the next one.
                wait_until(lambda: _is_ended(instance, dead[-1]), log)
            run_id = ui.launch()
            wait_until(lambda run_id=run_id: _is_owned(instance, run_id), log)  # type: ignore[misc]
            _pause(chance)
            ui.kill()
        if _status(instance, run_id) != dg.DagsterRunStatus.SUCCESS:
            assert _status(instance, run_id) == dg.DagsterRunStatus.STARTED
            dead.append(run_id)
    place.land("last.jsonl", message("last", "web", "digital"))
    done = refresh_by_hand(place, ALERTS_WEBHOOK_URL=webhook.address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "under way" not in done.stdout
    assert [_status(instance, run_id) for run_id in dead] == [dg.DagsterRunStatus.FAILURE] * len(dead)
    assert dead, "no kill came while a run was under way"
    for run_id in dead:
        [alert] = [text for text in webhook.texts if run_id[:8] in text]
        assert "process" in alert
    assert place.rows("select count(*) from raw.web_events") == [(KILLS + 1,)]
    # The project masks the name where it is published.
    marts = place.rows("select * exclude (channel_name) from marts.dim_channels order by channel")
    assert marts
    assert (
        place.rows("select * exclude (channel_name) from dim_channels order by channel", published=True)
        == marts
    )


def _is_owned(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)
    return run is not None and PROCESS_TAG in run.tags


def _is_ended(instance: dg.DagsterInstance, run_id: str) -> bool:
    return _status(instance, run_id) == dg.DagsterRunStatus.FAILURE


def _status(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def _pause(chance: random.Random) -> None:
    time.sleep(chance.uniform(0, MOST_SECONDS))
