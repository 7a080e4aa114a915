"""dbt as assets: one op over all layers, between the raw gate and the marts gate."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from packaging.version import Version

from ingestion.warehouse import opened
from orchestration import dbt_program
from orchestration.check_sentences import sentence_of
from orchestration.clock import environment_of_run, run_clock
from orchestration.ended import killed_sentence
from orchestration.freshness import FRESH_EACH_DAY
from orchestration.new_inputs import has_new_inputs, note_inputs
from orchestration.settings import WRITER_POOL, Settings
from orchestration.sliced import remember_build, updated_by_slice
from printable import escaped_output
from slices.warehouse import begin_full

OWNER = "team:analytics-engineering"
LEDGER_KEY = dg.AssetKey(["raw", "load_ledger"])
# Unit tests judge the models, not the data: they belong to `make test`. A log of every statement costs a sixth of the
# run; the statements are in the target folder, as they were run. A release may give a seed other columns.
BUILD = ("build", "--full-refresh", "--exclude-resource-type", "unit_test", "--log-level-file", "info")
_WATCHED = ("*.sql", "*.yml", "*.csv", "*.py", "*.md")
_WATCHED_FOLDERS = ("models", "macros", "seeds", "tests", "snapshots", "analyses")


class ProjectError(Exception):
    """The dbt project cannot be parsed; the message says why, in dbt's words."""


class Layers(DagsterDbtTranslator):
    """A dbt node's asset: keyed and grouped by layer, a mart by domain too; a source is the raw asset of that name."""

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
            freshness_policy=FRESH_EACH_DAY if layer == "marts" else None,
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
        return spec and spec._replace(description=sentence_of(manifest["nodes"][unique_id]))


def layer_of(node: Mapping[str, Any]) -> str:
    """Return the layer of a dbt node: the first folder of a model, `seeds` for a seed."""
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def group_of(node: Mapping[str, Any]) -> str:
    """Return the group of a dbt node: its layer; of a mart with its domain, the folder that it is in."""
    layer = layer_of(node)
    return f"{layer}_{node['fqn'][2]}" if layer == "marts" else layer


TRANSLATOR = Layers(DagsterDbtTranslatorSettings(enable_source_tests_as_checks=True))


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


def dbt_resource(project: DbtProject) -> DbtCliResource:
    """Return dbt as installed for this Python, whatever the PATH says; it ends with the process that starts it."""
    return InstalledDbt(
        project_dir=str(project.project_dir),
        profiles_dir=str(project.project_dir),
        dbt_executable=sys.executable,
        # By its path: dbt runs in its project's folder, where Python finds no modules of ours, and with -P not even
        # those beside the file, which have names like `settings` and `clock`.
        global_config_flags=["-P", dbt_program.__file__],
    )


def transformed_assets(project: DbtProject) -> dg.AssetsDefinition:
    """Make the assets of all seeds and models, and the op that builds and tests them."""

    @dbt_assets(
        name="dbt_build",
        manifest=project.manifest_path,
        project=project,
        dagster_dbt_translator=TRANSLATOR,
        pool=WRITER_POOL,
    )
    def dbt_build(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: dg.ResourceParam[Settings]
    ) -> Iterator[Any]:
        if not has_new_inputs(context.instance, context.run, settings):
            return
        run_at = run_clock(context.instance, context.run.run_id, settings)
        with environment_of_run(run_at, settings, IDENTITY_SALT=settings.hashing_key()):
            if context.is_subset:
                yield from _selection_built_by_dbt(context, dbt, settings, project)
                return
            note_inputs(context.instance, context.run, settings)
            why = yield from updated_by_slice(context, settings, run_at, project, TRANSLATOR)
            if why:
                context.log.info(f"Everything is built: {why}.")
                yield from _built_by_dbt(context, dbt, settings)
                no_slices = remember_build(settings, run_at)
                if no_slices:
                    context.log.warning(f"The next run builds everything too: {no_slices}.")

    return dbt_build


def _built_by_dbt(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: Settings
) -> Iterator[Any]:
    """Build and test everything with dbt, in the warehouse itself, as a person would by hand."""
    begin_full(settings.warehouse, settings.memory_limit, settings.dbt_project)
    built = []
    running = dbt.cli([*BUILD], context=context, target_path=settings.dbt_target)
    with escaped_output():
        for event in _events_of(running):
            if isinstance(event, dg.Output):
                built.append(context.asset_key_for_output(event.output_name))
            yield event
    # dbt's own row counts (`fetch_row_counts`) would hold back all events until the end, and leave the warehouse open
    # in this process.
    yield from _row_counts(settings.warehouse, built)


def _selection_built_by_dbt(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: Settings, project: DbtProject
) -> Iterator[Any]:
    """Build and test what is selected, and what it is made from, which the warehouse may not have kept."""
    begin_full(settings.warehouse, settings.memory_limit, settings.dbt_project)
    wanted, judged = context.selected_asset_keys, context.selected_asset_check_keys
    names = [f"+{key.path[-1]}" for key in wanted]
    running = dbt.cli(
        [*BUILD, "--select", *names],
        manifest=project.manifest_path,
        dagster_dbt_translator=TRANSLATOR,
        target_path=settings.dbt_target,
    )
    with escaped_output():
        for event in _events_of(running):
            if isinstance(event, dg.AssetMaterialization) and event.asset_key in wanted:
                yield dg.MaterializeResult(asset_key=event.asset_key, metadata=event.metadata)
            if isinstance(event, dg.AssetCheckEvaluation) and event.asset_check_key in judged:
                yield dg.AssetCheckResult(
                    asset_key=event.asset_key,
                    check_name=event.check_name,
                    passed=event.passed,
                    severity=event.severity,
                    metadata=event.metadata,
                )


class KilledError(Exception):
    """dbt was ended by a signal; the message says by which, and what to do."""


def _events_of(running: DbtCliInvocation) -> Iterator[Any]:
    try:
        yield from running.stream()
    except DagsterDbtCliRuntimeError:
        code = running.process.returncode
        if code is not None and code < 0:
            # Alone: what dbt's wrapper says below is its command and no cause.
            raise KilledError(killed_sentence(code)) from None
        raise


def _row_counts(warehouse: Path, tables: list[dg.AssetKey]) -> Iterator[dg.AssetObservation]:
    """Count the rows of the tables that were built."""
    with closing(opened(warehouse, read_only=True)) as connection:
        for key in tables:
            layer, table = key.path
            row = connection.execute(f'select count(*) from {layer}."{table}"').fetchone()
            yield dg.AssetObservation(key, metadata={"dagster/row_count": int(row[0]) if row else 0})


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
