"""The demo's first weeks, taken in before the rest: who is who is known already when it changes.

A history of ids needs an earlier run. Of that run only as much is built as keeps the ids; no check looks at it, and
nothing is published.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

from ingestion.sources import SOURCES, load
from orchestration.clock import environment_of_run
from orchestration.refresh import quiet_output
from orchestration.settings import Settings
from orchestration.transform import dbt_resource, prepared_project
from simulator.held_back import held_back
from simulator.plan import Plan

DAYS = 14
KEEPS_IDS = "+mart_identity_health"


def take_in_beginning(
    data: Path, plan: Plan, settings: Settings, desk: Callable[[], AbstractContextManager[object]]
) -> None:
    """Load what had arrived by the end of the first days, and give the people in it their ids.

    ``desk`` serves the support data that is in ``data``, and sets what is to be set to read it.
    """
    until = plan.start + timedelta(days=DAYS)
    print(f"Taking in the first {DAYS} days, for a history of who is who ...", flush=True)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with (
        quiet_output(settings.warehouse.with_name("beginning.log")),
        held_back(data, until),
        desk(),
        environment_of_run(until, settings, IDENTITY_SALT=settings.hashing_key()),
    ):
        for source in SOURCES:
            load(source)
        arguments = ["build", "--select", KEEPS_IDS, "--exclude-resource-type", "test", "unit_test"]
        # A log of every statement costs a sixth of the time.
        arguments += ["--log-level-file", "info"]
        dbt_resource(prepared_project(settings)).cli(arguments, target_path=settings.dbt_target).wait()
