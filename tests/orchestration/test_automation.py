"""Schedules and the landing sensor, against a real folder and a real instance."""

import os
import time
from pathlib import Path

import dagster as dg
import pytest

from orchestration.definitions import new_landing_files, refresh_daily, refresh_hourly
from tests.orchestration.conftest import Place, any_refresh, message

AN_HOUR_AGO = time.time() - 3600


def _land(place: Place, name: str, *, modified: float = AN_HOUR_AGO) -> Path:
    place.land(name, message(name, "web", "digital"))
    path = place.landing / name
    os.utime(path, (modified, modified))
    return path


def _tick(instance: dg.DagsterInstance, cursor: str | None) -> dg.SensorResult | dg.SkipReason:
    answer = new_landing_files(dg.build_sensor_context(instance=instance, cursor=cursor))
    assert isinstance(answer, dg.SensorResult | dg.SkipReason)
    return answer


def _requests(answer: dg.SensorResult | dg.SkipReason) -> int:
    return len(answer.run_requests or []) if isinstance(answer, dg.SensorResult) else 0


def test_each_delivery_asks_for_one_refresh(place: Place, instance: dg.DagsterInstance) -> None:
    _land(place, "a.jsonl")
    first = _tick(instance, None)
    assert isinstance(first, dg.SensorResult)
    assert _requests(first) == 1
    assert _requests(_tick(instance, first.cursor)) == 0
    _land(place, "b.jsonl")
    second = _tick(instance, first.cursor)
    assert isinstance(second, dg.SensorResult)
    assert _requests(second) == 1
    assert second.cursor != first.cursor


def test_a_late_file_with_an_old_date_is_seen(place: Place, instance: dg.DagsterInstance) -> None:
    _land(place, "new.jsonl")
    first = _tick(instance, None)
    assert isinstance(first, dg.SensorResult)
    _land(place, "old.jsonl", modified=AN_HOUR_AGO - 86400)
    assert _requests(_tick(instance, first.cursor)) == 1


def test_a_file_that_is_still_growing_is_waited_for(place: Place, instance: dg.DagsterInstance) -> None:
    _land(place, "a.jsonl", modified=time.time())
    assert isinstance(_tick(instance, None), dg.SkipReason)
    _land(place, "a.jsonl")
    assert _requests(_tick(instance, None)) == 1


def test_nothing_landed_asks_for_nothing(place: Place, instance: dg.DagsterInstance) -> None:
    place.landing.mkdir(parents=True)
    assert _requests(_tick(instance, None)) == 0


def test_a_folder_that_is_gone_does_not_stop_the_sensor(place: Place, instance: dg.DagsterInstance) -> None:
    assert _requests(_tick(instance, None)) == 0


def test_the_sensor_waits_while_a_refresh_is_under_way(place: Place, instance: dg.DagsterInstance) -> None:
    _land(place, "a.jsonl")
    _start_a_run(instance)
    answer = _tick(instance, None)
    assert isinstance(answer, dg.SkipReason), "the cursor stays, so the delivery is not forgotten"


@pytest.mark.parametrize("schedule", [refresh_daily, refresh_hourly], ids=lambda schedule: schedule.name)
def test_a_schedule_asks_for_a_refresh_unless_one_is_under_way(
    instance: dg.DagsterInstance, schedule: dg.ScheduleDefinition
) -> None:
    asked = schedule.evaluate_tick(dg.build_schedule_context(instance=instance))
    assert asked.run_requests is not None
    assert len(asked.run_requests) == 1
    _start_a_run(instance)
    skipped = schedule.evaluate_tick(dg.build_schedule_context(instance=instance))
    assert not skipped.run_requests
    assert skipped.skip_message == "A refresh is under way already."


def _start_a_run(instance: dg.DagsterInstance) -> None:
    instance.create_run_for_job(any_refresh, status=dg.DagsterRunStatus.STARTED)
