"""The dbt project as Dagster sees it: how assets are named and grouped, its manifest, and dbt as installed."""

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
)
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from orchestration import child
from orchestration.settings import DUCKDB, SPARK, SPARK_PYTHON, Settings, environment_of_run

OWNER = "team:analytics-engineering"
LEDGER_KEY = dg.AssetKey(["raw", "load_ledger"])
_DESCRIPTIONS: dict[str, str] = yaml.safe_load(
    Path(__file__).with_name("check_descriptions.yml").read_bytes()
)
_WATCHED = ("*.sql", "*.yml", "*.csv", "*.py", "*.md")
_WATCHED_FOLDERS = ("models", "macros", "seeds", "tests", "snapshots", "analyses")


class ProjectError(Exception):
    """The dbt project cannot be parsed; the message says why, in dbt's words."""


class Layers(DagsterDbtTranslator):
    """A dbt node's asset: keyed and grouped by layer, a mart by domain too; a source is the raw asset of that name."""

    def __init__(self, freshness: dg.FreshnessPolicy) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))
        self._freshness = freshness

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Return the spec of a node's asset."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = self.get_resource_props(manifest, unique_id)
        if node["resource_type"] == "source":
            return spec.replace_attributes(key=dg.AssetKey([node["schema"], node["name"]]))
        layer = layer_of(node)
        # What reads raw tables waits for the ledger, whose check finds the files that are mostly rejects.
        is_known = any(dep.asset_key == LEDGER_KEY for dep in spec.deps)
        waits_for = [LEDGER_KEY] if layer == "staging" and not is_known else []
        return spec.replace_attributes(
            key=dg.AssetKey([layer, node["alias"]]),
            deps=[*spec.deps, *waits_for],
            group_name=group_of(node),
            description=node["description"],
            owners=list(spec.owners) or [OWNER],
            freshness_policy=self._freshness if layer == "marts" else None,
        )

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """Return the spec of a test's check, or none where the test is about another asset."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        test = manifest["nodes"][unique_id]
        return spec and spec._replace(description=description_of(test, asset_spec.key.path[-1]))


def description_of(test: Mapping[str, Any], table: str) -> str:
    """Return what a dbt test of a table expects: its own description, else that of its kind with its arguments."""
    metadata = test.get("test_metadata") or {}
    if test["description"] or metadata.get("name") not in _DESCRIPTIONS:
        return str(test["description"]).strip() or str(test["name"]).replace("_", " ")
    arguments = metadata["kwargs"]
    columns = arguments.get("columns") or [arguments["column_name"]]
    # A reference to the table itself depends on nothing else.
    names = [node.rpartition(".")[2] for node in test["depends_on"]["nodes"]]
    sentence = _DESCRIPTIONS[metadata["name"]].format(
        table=table,
        column=columns[0],
        any_column=_joined(columns, "or"),
        all_columns=_joined(columns, "and"),
        values=_joined(arguments.get("values", ()), "or"),
        to=next((name for name in names if name != table), table),
        field=arguments.get("field"),
    )
    where = test["config"].get("where")
    return f"{sentence} (where {where})." if where else f"{sentence}."


def _joined(words: Sequence[Any], conjunction: str) -> str:
    *others, last = (str(word) for word in words) if words else ("",)
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def layer_of(node: Mapping[str, Any]) -> str:
    """Return the layer of a dbt node: the first folder of a model, `seeds` for a seed."""
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def group_of(node: Mapping[str, Any]) -> str:
    """Return the group of a dbt node: its layer; of a mart with its domain, the folder that it is in."""
    layer = layer_of(node)
    return f"{layer}_{node['fqn'][2]}" if layer == "marts" else layer


def prepared_project(settings: Settings) -> DbtProject:
    """Return the dbt project with a manifest no older than its files; parses it where need be (seconds)."""
    project = DbtProject(project_dir=settings.dbt_project, profiles_dir=settings.dbt_project)
    if _is_stale(project):
        with environment_of_run(settings.run_at or datetime.now(UTC), settings):
            _prepare(project)
    return project


def _prepare(project: DbtProject) -> None:
    try:
        project.preparer.prepare(project)
    except DagsterDbtCliRuntimeError as error:
        _, _, found = str(error).partition("Encountered an error:")
        raise ProjectError(
            f"The dbt project {project.project_dir} cannot be read. {found.strip()}"
        ) from error


class InstalledDbt(DbtCliResource):
    """dbt-core as installed, without what takes seconds at each start and is not needed here."""

    @cached_property
    def _cli_version(self) -> Version:
        # The program, asked for its version, asks the package index too.
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:  # type: ignore[override]
        """Do without dbt in this process: it would parse all macros, to ask the warehouse for columns and counts."""


def dbt_resource(project: DbtProject, engine: str = DUCKDB) -> DbtCliResource:
    """Return dbt as installed for this Python, whatever the PATH says, or for Spark's.

    It ends with the process that starts it.
    """
    return InstalledDbt(
        project_dir=str(project.project_dir),
        profiles_dir=str(project.project_dir),
        dbt_executable=str(SPARK_PYTHON) if engine == SPARK else sys.executable,
        # By its path: dbt runs in its project's folder, where Python finds no modules of ours, and with -P not even
        # those next to the file, which have names like `settings` and `alerts`.
        global_config_flags=["-P", child.__file__, "spark.refresh" if engine == SPARK else child.DBT],
    )


def keys_of_layer(models: dg.AssetsDefinition, layer: str) -> list[dg.AssetKey]:
    """Return the keys of a layer's assets, by name."""
    return sorted(key for key in models.keys if key.path[0] == layer)


def _is_stale(project: DbtProject) -> bool:
    if not _is_whole(project.manifest_path):
        return True
    written = project.manifest_path.stat().st_mtime
    folders = (project.project_dir / folder for folder in _WATCHED_FOLDERS)
    files = [file for folder in folders for pattern in _WATCHED for file in folder.rglob(pattern)]
    return any(file.stat().st_mtime > written for file in [*files, *project.project_dir.glob("*.yml")])


def _is_whole(manifest: Path) -> bool:
    """Whether there is a manifest to its last bracket: dbt writes it for half a second, and may be killed in it."""
    try:
        json.loads(manifest.read_bytes())
    except (FileNotFoundError, ValueError):
        return False
    return True
