"""The published marts: one read-only DuckDB file, Parquet and a data dictionary, swapped in one step.

    warehouse (schema marts) -> masked copy next to MARTS_PATH -> audit -> rename over MARTS_PATH

Knows nothing of Dagster. `python -m publishing` lists the kept versions and rolls back.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
from publishing.errors import PublishError
from publishing.private_marts import publish_private
from publishing.publish import Publication, publish
from publishing.shelf import Version
from publishing.swap import KEPT_VERSIONS
from publishing.versions import kept_versions, rollback

__all__ = [
    "KEPT_VERSIONS",
    "Publication",
    "PublishError",
    "Version",
    "kept_versions",
    "publish",
    "publish_private",
    "rollback",
]
