"""The semantic manifest that dbt writes, with the tables of the published file instead of the warehouse's."""

import os
from functools import lru_cache
from pathlib import Path

from metricflow_semantic_interfaces.implementations.semantic_manifest import PydanticSemanticManifest
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest

from metrics.errors import MetricsError
from metrics.published import DATABASE

_PROJECT = Path(__file__).parents[1] / "dbt_project"


def latest_manifest() -> tuple[Path, int]:
    """Return the manifest's path and when dbt wrote it (ns). Raises MetricsError if there is none.

    It is in the target folder of the project in DBT_PROJECT_DIR, by default ours.
    """
    path = Path(os.environ.get("DBT_PROJECT_DIR") or _PROJECT) / "target" / "semantic_manifest.json"
    try:
        return path, path.stat().st_mtime_ns
    except FileNotFoundError:
        raise MetricsError(f"There is no {path}: run `make metrics` or `dbt parse` first.") from None


@lru_cache(maxsize=1)
def read_manifest(path: Path, _written: int) -> PydanticSemanticManifest:
    """Return the manifest at `path`; `_written` is part of the cache key, so that a new one is read again."""
    manifest = parse_manifest_from_dbt_generated_manifest(path.read_text(encoding="utf-8"))
    for source in [*manifest.semantic_models, *manifest.project_configuration.time_spines]:
        table = source.node_relation
        source.node_relation = table.from_string(f"{DATABASE}.main.{table.alias}")
    return manifest
