"""A delivery as a slice: only the customers that it touches are built, and every model and test is recorded as ever.

Everything is built instead by the first run of a day, after a change of project or settings, and where a change reaches
everybody (`docs/slices.md`).
"""

from collections.abc import Generator, Iterator
from collections.abc import Set as AbstractSet
from datetime import datetime
from itertools import chain
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject
from dagster_dbt.asset_utils import get_asset_check_key_for_test
from dagster_dbt.dbt_manifest import validate_manifest

from orchestration.event_log import stored_together
from orchestration.new_inputs import REBUILD_TAG
from orchestration.project_files import DECISIONS, digest_of_build
from orchestration.settings import Settings
from slices.judge import TestsFailedError, Verdict
from slices.plan import Plan
from slices.run import Update, update
from slices.warehouse import NoPlanError, end_full, load_decisions, opened_with_slice, plan_of


def updated_by_slice(
    context: dg.AssetExecutionContext,
    settings: Settings,
    run_at: datetime,
    project: DbtProject,
    translator: DagsterDbtTranslator,
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
            digest=_digest(settings),
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


def remember_build(settings: Settings, run_at: datetime) -> str:
    """After everything was built: keep what slices need; returns why there can be none, if there cannot."""
    return end_full(
        settings.warehouse,
        settings.memory_limit,
        manifest=settings.dbt_target / "manifest.json",
        plans=settings.plans,
        project=settings.dbt_project,
        run_at=run_at,
        digest=_digest(settings),
    )


def _digest(settings: Settings) -> str:
    return digest_of_build(settings.dbt_project, settings.of_models)


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
