"""How a full build grows on DuckDB and on Spark: seconds, processor seconds and memory for several sizes of a retailer.

``python -m benchmarks.engines --people 36 200 1000`` builds each retailer's raw tables on DuckDB with dbt, then on
Spark in ``.venv-spark`` (`make spark-setup`), both without tests, and compares every table row by row. It prints a line
per size and engine, and exits with 1 if a table differs. What Spark takes includes the comparison.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.retailer import UNTESTED, dbt_command, dbt_environment, loaded
from simulator.plan import Plan

ROOT = Path(__file__).resolve().parents[1]
SPARK_PYTHON = ROOT / ".venv-spark" / "bin" / "python"
# Both engines derive the ids of customers from it.
SALT = "only-for-benchmarks"
# Rows are few even in the largest: to compile a query takes longer than to run it.
SPARK = {
    "SPARK_MASTER": "local[*]",
    "SPARK_PARTITIONS": "4",
    "SPARK_CONF": "spark.sql.codegen.wholeStage=false;spark.sql.codegen.factoryMode=NO_CODEGEN",
}
_SECONDS_BETWEEN_LOOKS = 2.0


@dataclass(frozen=True)
class Cost:
    """Cost of a command and all processes that it started; memory is the most that they had at a time."""

    seconds: float
    cpu_seconds: float
    memory_mb: float


def main() -> None:
    """Build each size on both engines, and print; exit with 1 if a table differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--people", type=int, nargs="+", default=[36, 200, 1_000])
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        for number in people:
            _compare(Path(folder).resolve() / str(number), Plan(people=number))


def _compare(folder: Path, plan: Plan) -> None:
    warehouse = loaded(folder, plan)
    environment = {**os.environ, **dbt_environment(warehouse, plan), "IDENTITY_SALT": SALT}
    on_duckdb, _ = _measured(dbt_command(warehouse, "build", *UNTESTED), environment)
    rows = _rows(warehouse)
    _print(plan, rows, "DuckDB", on_duckdb)
    trial = [str(SPARK_PYTHON), "-m", "spark.trial", "--", *UNTESTED]
    on_spark, said = _measured(trial, {**environment, **SPARK, "SPARK_FOLDER": str(folder / "spark")})
    _print(plan, rows, "Spark", on_spark)
    print(" ", said.strip().splitlines()[-1], flush=True)


def _print(plan: Plan, rows: int, engine: str, cost: Cost) -> None:
    print(
        f"{plan.people:,} people, {rows:,} raw rows, {engine}: {cost.seconds:,.0f} s, {cost.cpu_seconds:,.0f} processor"
        f" seconds, {cost.memory_mb:,.0f} MB",
        flush=True,
    )


def _rows(warehouse: Path) -> int:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select sum(estimated_size) from duckdb_tables() where schema_name = 'raw'"
            " and not starts_with(table_name, '_dlt')"
        ).fetchone()
    return int(found[0]) if found else 0


def _measured(command: Sequence[str], environment: Mapping[str, str]) -> tuple[Cost, str]:
    """Run a command in a session of its own; return its cost and its output. Exits if it fails."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        begun = time.monotonic()
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
        cpu_seconds: dict[int, float] = {}
        memory_mb = 0.0
        while process.poll() is None:
            found = _used_in_session(process.pid)
            cpu_seconds |= {number: seconds for number, (seconds, _) in found.items()}
            memory_mb = max(memory_mb, sum(memory for _, memory in found.values()))
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        seconds = time.monotonic() - begun
        output.seek(0)
        said = output.read()
    if process.returncode:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said[-3000:]}")
    return Cost(seconds, sum(cpu_seconds.values()), memory_mb), said


def _used_in_session(session: int) -> dict[int, tuple[float, float]]:
    """Return processor seconds and memory in MB of each process of a session, from Linux's `/proc`."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            # After the name in brackets: state, parent, group, session, ..., user and system time as 12th and 13th.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                # Its share of memory that forked processes have in common.
                memory = re.search(r"^Pss: +(\d+) kB", (folder / "smaps_rollup").read_text(), re.MULTILINE)
                megabytes = int(memory[1]) / 1024 if memory else 0.0
                found[int(folder.name)] = ((int(fields[11]) + int(fields[12])) / ticks, megabytes)
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


if __name__ == "__main__":
    main()
