"""One full refresh as an operator starts it, `python -m orchestration.refresh`, and the seconds of its phases."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

INSTANCE = Path(__file__).resolve().parents[1] / "orchestration" / "instance" / "dagster.yaml"
# Steps of the refresh, by how their names begin.
PHASES = {
    "ingest_": "ingestion",
    "close_ledger": "ingestion",
    "raw_gate": "raw gate",
    "ledger_gate": "raw gate",
    "dbt_build": "dbt",
    "marts_gate": "marts gate",
    "published_marts": "publishing",
}
OTHER = "starting and the rest"
_STEP = re.compile(r"^  (\S.*?) +(?:done|FAILED) +([\d.]+) s$", re.MULTILINE)


@dataclass(frozen=True)
class Refresh:
    """Cost of a refresh: seconds of each phase, processor seconds, and peak memory."""

    phases: Mapping[str, float]
    processor_seconds: float
    memory_mb: float

    @property
    def seconds(self) -> float:
        """The whole of it."""
        return sum(self.phases.values())


def refreshed(folder: Path, settings: Mapping[str, str]) -> Refresh:
    """Refresh the warehouse in `folder`, with Dagster's home there too. Raises RuntimeError if the run fails.

    Its sources come only from `settings`.
    """
    home = folder / "dagster"
    home.mkdir(exist_ok=True)
    shutil.copyfile(INSTANCE, home / INSTANCE.name)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOURCES__")}
    environment |= {"DAGSTER_HOME": str(home), "MARTS_PATH": str(folder / "marts.duckdb")}
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "orchestration.refresh"],
        env=environment | dict(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None, "its output is piped"
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"The refresh ended with {process.returncode}:\n{output}")
    return Refresh(_phases(output, seconds), used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _phases(output: str, seconds: float) -> dict[str, float]:
    phases = dict.fromkeys([*PHASES.values(), OTHER], 0.0)
    for step, spent in _STEP.findall(output):
        name = step.replace(" ", "_")
        phases[next((phase for start, phase in PHASES.items() if name.startswith(start)), OTHER)] += float(
            spent
        )
    phases[OTHER] += seconds - sum(phases.values())
    return phases
