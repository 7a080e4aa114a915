"""One timed run of the marts' models over raw tables: by dbt, or by DuckDB alone from what dbt had compiled."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import yaml
from jinja2 import Environment

from benchmarks.retailer import PROJECT, UNTESTED, dbt_command, dbt_environment
from simulator.plan import Plan

NOTHING = ("build", "--select", "tag:that_nothing_has")
# These change what they read, or read their own earlier result.
KEEPS_STATE = "int_identity__assignments"


@dataclass(frozen=True)
class Run:
    """Cost of one run: wall time, processor time, peak memory."""

    seconds: float
    cpu_seconds: float
    memory_mb: float


@dataclass(frozen=True)
class Node:
    """A model or seed as dbt built it."""

    name: str
    relation: str
    schema: str
    build_path: Path
    is_view: bool
    is_plain_sql: bool


def dbt_build(warehouse: Path, plan: Plan) -> Run:
    """Build everything in one ``dbt build`` without tests."""
    return _in_a_process(dbt_command(warehouse, "build", *UNTESTED), warehouse, plan)


def dbt_start(warehouse: Path, plan: Plan) -> Run:
    """Run dbt with nothing to do, which measures its start."""
    return _in_a_process(dbt_command(warehouse, *NOTHING), warehouse, plan)


def bare_sql(raw: Path, built: Path, plan: Plan) -> Run:
    """Run the statements that dbt ran, in its order, in DuckDB alone on a fresh copy of the raw tables.

    What is no plain SQL is not run but taken from ``built``, outside the time.
    """
    folder = raw.parent / "bare"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(raw, folder / "warehouse.duckdb")
    command = [sys.executable, "-m", "benchmarks.marts_runs", str(folder / "warehouse.duckdb"), str(built)]
    answer = folder / "seconds.json"
    run = _in_a_process([*command, str(answer)], built, plan)
    measured = json.loads(answer.read_text(encoding="utf-8"))
    shutil.rmtree(folder)
    return Run(measured["seconds"], measured["cpu_seconds"], run.memory_mb)


def others_alone(built: Path, plan: Plan) -> Run:
    """Return what the seeds, Python models and components take when dbt builds them one by one, alone.

    The wall time is that of the nodes; the processors' time is that of the process, dbt's start included.
    It takes away their tables first, and the registry of customer ids, so that they have all to do. The
    warehouse is of no use afterwards.
    """
    others = [node for node in nodes(built.parent / "target") if not node.is_plain_sql]
    with duckdb.connect(str(built)) as connection:
        for node in others:
            connection.execute(f"drop table if exists {node.relation} cascade")
            connection.execute(f"drop table if exists {node.schema}.{node.name}__solved")
        connection.execute(f"drop table intermediate.{KEEPS_STATE}")
    names = [node.name for node in others]
    command = dbt_command(built, "build", *UNTESTED, "--threads", "1", "--select", *names)
    run = _in_a_process(command, built, plan)
    return replace(run, seconds=sum(seconds for _, seconds in times(built.parent / "target")))


def times(target: Path) -> list[tuple[str, float]]:
    """Return the seconds that dbt's last run spent on each node, the longest first."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    spent = [(result["unique_id"].split(".")[2], float(result["execution_time"])) for result in results]
    return sorted(spent, key=lambda node: -node[1])


def nodes(target: Path) -> list[Node]:
    """Return what dbt's last run built, in the order in which it began."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    begun = sorted(results, key=lambda result: str(result["timing"][-1]["started_at"]))
    # dbt lists exposures and hooks as well, which are no tables.
    built = [manifest[result["unique_id"]] for result in begun if result["unique_id"] in manifest]
    return [_node(node, target) for node in built if node["resource_type"] in ("model", "seed")]


def _node(described: Mapping[str, Any], target: Path) -> Node:
    materialized = described["config"]["materialized"]
    is_seed = described["resource_type"] == "seed"
    return Node(
        name=described["alias"],
        relation=f"{described['schema']}.{described['alias']}",
        schema=described["schema"],
        build_path=target / "run" / described["package_name"] / described["original_file_path"],
        is_view=materialized == "view",
        is_plain_sql=not is_seed
        and described["language"] == "sql"
        and materialized != "connected_components",
    )


def settings() -> dict[str, str]:
    """Return DuckDB's settings of the project's profile."""
    jinja = Environment()
    # dbt's filters set the type of a value; here YAML detects it.
    jinja.filters |= dict.fromkeys(("as_number", "as_bool", "as_native", "as_text"), str)
    profile = jinja.from_string((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    profiles = yaml.safe_load(profile.render(env_var=lambda name, default="": os.environ.get(name, default)))
    return dict(profiles["throughline"]["outputs"]["duckdb"]["settings"])


def _run_bare(warehouse: Path, built: Path) -> tuple[float, float]:
    """Run all plain SQL; return the wall time and the processors' time spent in it."""
    seconds = cpu_seconds = 0.0
    with duckdb.connect(str(warehouse)) as connection:
        for name, value in settings().items():
            connection.execute(f"set {name} = '{value}'")
        connection.execute(f"attach '{built}' as built (read_only)")
        for node in nodes(built.parent / "target"):
            connection.execute(f"create schema if not exists {node.schema}")
            if not node.is_plain_sql:
                connection.execute(f"create table {node.relation} as from built.{node.relation}")
                continue
            begun, cpu_begun = time.monotonic(), time.process_time()
            for statement in _statements(node):
                connection.execute(statement)
            seconds += time.monotonic() - begun
            cpu_seconds += time.process_time() - cpu_begun
    return seconds, cpu_seconds


def _statements(node: Node) -> Iterator[str]:
    """Yield what dbt ran: it builds under another name, and renames in the end."""
    statement = node.build_path.read_text(encoding="utf-8")
    yield statement
    if f"{node.name}__dbt_tmp" in statement:
        kind = "view" if node.is_view else "table"
        yield f"alter {kind} {node.relation}__dbt_tmp rename to {node.name}"


def _in_a_process(command: list[str], warehouse: Path, plan: Plan) -> Run:
    """Run a command; its wall time and its own peak memory."""
    environment = os.environ | dict(dbt_environment(warehouse, plan))
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    spent = dict(
        zip(("seconds", "cpu_seconds"), _run_bare(Path(sys.argv[1]), Path(sys.argv[2])), strict=True)
    )
    Path(sys.argv[3]).write_text(json.dumps(spent), encoding="utf-8")
