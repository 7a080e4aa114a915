"""The table of contents: every asset, check, job, schedule and sensor of the code location."""

import os
from pathlib import Path

import dagster as dg

from ingestion.sources import SOURCES
from orchestration.audiences import audience_assets
from orchestration.automation import new_landing_files, refresh, refresh_daily, refresh_hourly
from orchestration.business_alerts import every_figure_is_as_expected
from orchestration.executor import owning_executor
from orchestration.exposures import exposures
from orchestration.failures import failed_refresh
from orchestration.ingest import ledger_assets, source_assets
from orchestration.private_files import protect
from orchestration.publish import published_assets, sources_complete
from orchestration.quality import gate
from orchestration.settings import Settings, read_settings
from orchestration.silence import every_location_is_heard
from orchestration.staleness import stale_marts
from orchestration.transform import dbt_resource, keys_of_layer, prepared_project, transformed_assets


@dg.definitions
def defs() -> dg.Definitions:
    """Load the code location with the settings of the environment; importing this module does nothing."""
    settings = read_settings()
    protect(settings, Path(os.environ.get("DAGSTER_HOME") or "orchestration/instance"))
    return definitions(settings)


def definitions(settings: Settings) -> dg.Definitions:
    """Put everything together."""
    project = prepared_project(settings)
    sources = [source_assets(source) for source in SOURCES]
    models = transformed_assets(project)
    marts = keys_of_layer(models, "marts")
    return dg.Definitions(
        assets=[
            *sources,
            ledger_assets,
            models,
            published_assets(marts, project.manifest_path),
            *audience_assets(settings.audiences),
            *exposures(project.manifest_path),
        ],
        asset_checks=[
            gate("raw_gate", "raw", [key for each in sources for key in each.keys]),
            gate("ledger_gate", "raw", ledger_assets.keys),
            gate("marts_gate", "marts", marts),
            sources_complete,
            every_location_is_heard,
            every_figure_is_as_expected,
        ],
        jobs=[refresh],
        schedules=[refresh_daily, refresh_hourly],
        sensors=[new_landing_files, failed_refresh, stale_marts],
        resources={"settings": settings, "dbt": dbt_resource(project)},
        executor=owning_executor,
    )
