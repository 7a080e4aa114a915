"""How a run's steps are executed: one after the other in the run's process, with which the run is tagged first."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.lock import locked
from orchestration.run_processes import tag_of_this_process

REFRESH_TAG = "throughline/refresh"
LOCK = "refresh.lock"
_SECONDS_BETWEEN_LOOKS = 1.0


class OwningExecutor(dg.Executor):
    """Dagster's executor in one process, for a run that is tagged with this process."""

    def __init__(self, steps: dg.Executor) -> None:
        self._steps = steps

    @property
    def retries(self) -> Any:
        """Return how failed steps are tried again, as the executor of the steps does."""
        return self._steps.retries

    @property
    def step_dependency_config(self) -> Any:
        """Return when a step may begin, as the executor of the steps does."""
        return self._steps.step_dependency_config

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
        """Tag the run, wait until no other refresh is under way, and execute the steps."""
        instance, run = plan_context.instance, plan_context.dagster_run
        instance.add_run_tags(run.run_id, tag_of_this_process(instance, run.run_id))
        if REFRESH_TAG not in run.tags:
            yield from self._steps.execute(plan_context, execution_plan)
            return
        while True:
            with locked(Path(instance.root_directory) / LOCK) as is_ours:
                if is_ours:
                    yield from self._steps.execute(plan_context, execution_plan)
                    return
            current = instance.get_run_by_id(run.run_id)
            if current is None or current.status == dg.DagsterRunStatus.CANCELING:
                raise dg.DagsterExecutionInterruptedError
            time.sleep(_SECONDS_BETWEEN_LOOKS)


@dg.executor(name="in_process", config_schema=dg.in_process_executor.config_schema.as_field())
def owning_executor(context: dg.InitExecutorContext) -> OwningExecutor:
    """Execute the steps in the run's process, with the options of Dagster's own executor."""
    create = dg.in_process_executor.executor_creation_fn
    assert create is not None, "Dagster's executor can be created"
    return OwningExecutor(create(context))
