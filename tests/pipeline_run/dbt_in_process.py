"""dbt inside this process, parsed once: a build then costs what its models cost."""

import gc
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.artifacts.resources.types import NodeType
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt.contracts.graph.manifest import Manifest

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = Path(os.environ.get("DBT_PROJECT_DIR") or REPOSITORY / "dbt_project")
FAILED = {"error", "fail", "runtime error"}
# What dbt remembers of the files that it parsed: with it, it reads only those that changed since. Tests write the one,
# `make docs` and Dagster the other.
PARSED = REPOSITORY / ".pytest_cache" / "dbt" / "partial_parse.msgpack"
PARSED_BY_HAND = PROJECT / "target" / PARSED.name


class DbtProject:
    """The parsed dbt project; what dbt writes goes to ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._options = [
            f"--project-dir={PROJECT}",
            f"--profiles-dir={PROJECT}",
            f"--target-path={folder / 'target'}",
            f"--log-path={folder / 'logs'}",
            "--log-level=none",
            "--log-level-file=none",
        ]
        self.manifest_file = folder / "target" / "manifest.json"
        remembered = folder / "target" / PARSED.name
        _copy(PARSED if PARSED.exists() else PARSED_BY_HAND, remembered)
        parsed = self._invoke(dbtRunner(), "parse")
        assert isinstance(parsed.result, Manifest)
        self._manifest = parsed.result
        # dbt's own `deepcopy` of a manifest fails on selectors, and takes them from the project anyway.
        self._manifest.selectors = {}
        _copy(remembered, PARSED)
        # The parsed project is kept, so the garbage collector can skip it.
        gc.collect()
        gc.freeze()

    def build(
        self,
        select: str | None = None,
        *,
        exclude: str | None = None,
        tests: bool = True,
        full_refresh: bool = False,
    ) -> None:
        """Build and test the selected models, by default all, in the warehouse of WAREHOUSE_PATH.

        Raises RuntimeError with what failed.
        """
        options = [f"--select={select}"] if select else []
        options += [f"--exclude={exclude}"] if exclude else []
        options += [] if tests else ["--exclude-resource-type=test", "--exclude-resource-type=unit_test"]
        options += ["--full-refresh"] if full_refresh else []
        self._on_a_copy("build", options)

    def seed(self) -> None:
        """Load the seeds into the warehouse of WAREHOUSE_PATH."""
        self._on_a_copy("seed")

    def run(self) -> None:
        """Build every model in the warehouse of WAREHOUSE_PATH, which has the seeds, and test nothing."""
        self._on_a_copy("run")

    def compile(self) -> list[dict[str, Any]]:
        """Compile every model for the warehouse of WAREHOUSE_PATH, which has the seeds; return all nodes with them."""
        answer = self._on_a_copy("compile", ["--select=resource_type:model"])
        compiled = [done.node for done in getattr(answer.result, "results", [])]
        nodes = [node for node in self._manifest.nodes.values() if node.resource_type != NodeType.Model]
        return [node.to_dict() for node in [*compiled, *nodes]]

    def _on_a_copy(self, command: str, options: Sequence[str] = ()) -> dbtRunnerResult:
        """Run dbt on a copy of the manifest.

        dbt writes compiled SQL into the one it is given, and would not compile the node again for the next
        run's clock.
        """
        manifest = self._manifest.deepcopy()  # type: ignore[no-untyped-call]  # dbt leaves it untyped
        gc.disable()
        try:
            return self._invoke(dbtRunner(manifest=manifest), command, [*options, "--no-write-json"])
        finally:
            gc.enable()

    def _invoke(self, runner: dbtRunner, command: str, options: Sequence[str] = ()) -> dbtRunnerResult:
        try:
            answer = runner.invoke([command, *self._options, *options])
        finally:
            DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # likewise
        if not answer.success:
            raise RuntimeError(f"dbt {command} failed: {_why(answer)}")
        return answer


def _copy(file: Path, to: Path) -> None:
    """Copy a file that may not be there, so that another process sees all of it or nothing."""
    if not file.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent) as folder:
        Path(shutil.copy(file, folder)).replace(to)


def _why(answer: dbtRunnerResult) -> str:
    if answer.exception is not None:
        return str(answer.exception)
    results = getattr(answer.result, "results", [])
    failed = [f"{r.node.name}: {r.message}" for r in results if str(r.status) in FAILED]
    return "\n".join(failed) or "no reason given"
