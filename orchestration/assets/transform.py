"""dbt as assets: one op over all layers, between the raw gate and the marts gate.

A delivery is built as a slice: only the customers that it touches, while every model and test is recorded as ever.
Everything is built instead by the first run of a day, after a change of project or settings, and if a change reaches
everybody (`docs/slices.md`).
"""

from collections.abc import Generator, Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DbtCliInvocation,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.asset_utils import get_asset_check_key_for_test
from dagster_dbt.dbt_manifest import validate_manifest
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from orchestration.assets.changes import DECISIONS, REBUILD_TAG, digest_of_build, has_new_inputs, note_inputs
from orchestration.event_log import stored_together
from orchestration.processes import killed_sentence
from orchestration.settings import SPARK, WRITER_POOL, Settings, environment_of_run, run_clock
from printable import escaped_output
from slices.judge import TestsFailedError, Verdict
from slices.plan import Plan
from slices.run import Update, update
from slices.warehouse import NoPlanError, begin_full, end_full, load_decisions, opened_with_slice, plan_of
from storage.sessions import open_file

# Unit tests judge the models, not the data: they belong to `make test`. A log of every statement costs a sixth of the
# run; the statements are in the target folder, as they were run. A release may give a seed other columns.
BUILD = ("build", "--full-refresh", "--exclude-resource-type", "unit_test", "--log-level-file", "info")


def transformed_assets(project: DbtProject, translator: DagsterDbtTranslator) -> dg.AssetsDefinition:
    """Make the assets of all seeds and models, and the op that builds and tests them."""

    @dbt_assets(
        name="dbt_build",
        manifest=project.manifest_path,
        project=project,
        dagster_dbt_translator=translator,
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
                yield from _selection_built_by_dbt(context, dbt, settings, project, translator)
                return
            note_inputs(context.instance, context.run, settings)
            if settings.engine == SPARK:
                yield from _built_by_dbt(context, dbt, settings)
                return
            # Before the build: what is edited while it runs is not in it, and must not count as built.
            digest = digest_of_build(settings.dbt_project, settings.of_models)
            why = yield from updated_by_slice(context, settings, run_at, project, translator, digest)
            if why:
                context.log.info(f"Everything is built: {why}.")
                yield from _built_by_dbt(context, dbt, settings)
                no_slices = remember_build(settings, run_at, digest)
                if no_slices:
                    context.log.warning(f"The next run builds everything too: {no_slices}.")

    return dbt_build


def _built_by_dbt(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, settings: Settings
) -> Iterator[Any]:
    """Build and test everything with dbt, in the warehouse itself, as a person would by hand.

    What Spark builds stays there, but for the marts.
    """
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
    there = [key for key in built if settings.engine != SPARK or key.path[0] == "marts"]
    yield from _row_counts(settings.warehouse, there)


def _selection_built_by_dbt(
    context: dg.AssetExecutionContext,
    dbt: DbtCliResource,
    settings: Settings,
    project: DbtProject,
    translator: DagsterDbtTranslator,
) -> Iterator[Any]:
    """Build and test what is selected, and what it is made from, which the warehouse may not have kept."""
    begin_full(settings.warehouse, settings.memory_limit, settings.dbt_project)
    wanted, judged = context.selected_asset_keys, context.selected_asset_check_keys
    names = [f"+{key.path[-1]}" for key in wanted]
    running = dbt.cli(
        [*BUILD, "--select", *names],
        manifest=project.manifest_path,
        dagster_dbt_translator=translator,
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
    with closing(open_file(warehouse, read_only=True)) as connection:
        for key in tables:
            layer, table = key.path
            row = connection.execute(f'select count(*) from {layer}."{table}"').fetchone()
            yield dg.AssetObservation(key, metadata={"dagster/row_count": int(row[0]) if row else 0})


def updated_by_slice(
    context: dg.AssetExecutionContext,
    settings: Settings,
    run_at: datetime,
    project: DbtProject,
    translator: DagsterDbtTranslator,
    digest: str,
) -> Generator[Any, None, str]:
    """Build and merge the slice of what is new; returns why everything must be built instead, if it must."""
    if REBUILD_TAG in context.run.tags:
        return "the run was asked to"
    try:
        plan = plan_of(
            settings.warehouse,
            settings.memory_limit,
            plans=settings.plans,
            project=settings.dbt_project,
            digest=digest,
        )
    except NoPlanError as error:
        return str(error)
    names = _Names(project, translator, context.selected_asset_check_keys)
    try:
        done = _update(context, settings, plan, run_at)
    except TestsFailedError as error:
        yield from names.checks(error.verdicts)
        raise dg.Failure(str(error), allow_retries=False) from None
    if done.closure.full:
        return done.closure.full
    yield from stored_together(context.instance, chain(names.assets(plan, done), names.checks(done.verdicts)))
    return ""


def remember_build(settings: Settings, run_at: datetime, digest: str) -> str:
    """After everything was built: keep what slices need; returns why there can be none, if there cannot."""
    return end_full(
        settings.warehouse,
        settings.memory_limit,
        manifest=settings.dbt_target / "manifest.json",
        plans=settings.plans,
        project=settings.dbt_project,
        run_at=run_at,
        digest=digest,
    )


def _update(context: dg.AssetExecutionContext, settings: Settings, plan: Plan, run_at: datetime) -> Update:
    with opened_with_slice(settings.warehouse, settings.memory_limit, plan) as connection:
        load_decisions(connection, plan, settings.dbt_project / DECISIONS)
        return update(connection, plan, run_at, log=context.log.info)


class _Names:
    """How Dagster names the models and tests of the project."""

    def __init__(
        self, project: DbtProject, translator: DagsterDbtTranslator, checks: AbstractSet[dg.AssetCheckKey]
    ) -> None:
        self._checks = checks
        self._project = project
        self._translator = translator
        self._manifest = validate_manifest(project.manifest_path)

    def assets(self, plan: Plan, done: Update) -> Iterator[dg.MaterializeResult[None]]:
        """Record every model as built, with how many rows of the slice came into the tables that are kept."""
        size = {"touched_customers": done.closure.touched, "records_in_slice": done.closure.units}
        for name in plan.order:
            rows = {"rows_replaced": done.rows[name]} if name in done.rows else {}
            yield dg.MaterializeResult(
                asset_key=dg.AssetKey([plan.models[name].layer, name]), metadata={**size, **rows}
            )

    def checks(self, verdicts: list[Verdict]) -> Iterator[dg.AssetCheckResult]:
        """Record the tests that ran."""
        for verdict in verdicts:
            key = get_asset_check_key_for_test(
                self._manifest, self._translator, verdict.test.unique_id, self._project
            )
            # A test of several models is no check, whatever its YAML says.
            if key is not None and key in self._checks:
                yield dg.AssetCheckResult(
                    asset_key=key.asset_key,
                    check_name=key.name,
                    passed=verdict.failures == 0,
                    severity=dg.AssetCheckSeverity.WARN
                    if verdict.test.is_warning
                    else dg.AssetCheckSeverity.ERROR,
                    metadata={"failing_rows": verdict.failures},
                )
