"""One clock a run: `RUN_AT` where it is set, else when the run was launched."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from orchestration.dbt_program import STARTED_BY
from orchestration.settings import Settings


def run_clock(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> datetime:
    """Return the clock of a run, in UTC."""
    if settings.run_at is not None:
        return settings.run_at
    record = instance.get_run_record_by_id(run_id)
    return (record.create_timestamp if record else datetime.now(UTC)).astimezone(UTC)


@contextmanager
def environment_of_run(run_at: datetime, settings: Settings, **more: str) -> Iterator[None]:
    """Set what ingestion and dbt read from the environment, then put it back.

    The clock, the warehouse, the process that dbt is to end with, and the dbt installed beside this Python before any
    other; and ``more``.
    """
    changes = {
        "RUN_AT": run_at.isoformat(),
        "WAREHOUSE_PATH": str(settings.warehouse),
        STARTED_BY: str(os.getpid()),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        **more,
    }
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
