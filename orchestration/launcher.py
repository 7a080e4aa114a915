"""Dagster's launcher of runs, which also knows whether the process of a run is alive: see `run_processes.py`.

Dagster's daemon asks it every few seconds (`run_monitoring` in dagster.yaml). Dagster's own launcher has no answer, so
a run whose process was killed would stay under way for good and no other would start.
"""

import logging

import dagster as dg

# Dagster exports its launcher, but not the answer that a launcher gives.
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus

from orchestration.run_processes import GONE, end, is_dead


class HealthCheckedLauncher(dg.DefaultRunLauncher):
    """Launches as Dagster does, and ends runs whose process is gone."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """Make the daemon ask."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """End the run if its process is gone, and send the alert."""
        if not is_dead(self._instance, run):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        end(self._instance, run)
        _alert(self._instance, run)
        return CheckRunHealthResult(WorkerStatus.FAILED, GONE)


def _alert(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    # Every process of Dagster loads the launcher; only the alert needs the whole project.
    from orchestration.failures import tell_of_failure
    from orchestration.settings import SettingsError, read_settings

    log = logging.getLogger("dagster.throughline")
    try:
        tell_of_failure(instance, run.run_id, read_settings(), log)
    except SettingsError as error:
        log.error(f"The alert about run {run.run_id[:8]} was not sent: {error}")
