"""The checksum of a publication, which shows whether anything changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from publishing.metric_definitions import MetricDefinition
from publishing.plan import Fingerprint, TablePlan


def content_checksum(
    plans: Sequence[TablePlan],
    fingerprints: Mapping[str, Fingerprint],
    sources: Mapping[str, str],
    publish_pii: bool,
    metrics: Sequence[MetricDefinition] = (),
) -> str:
    """Return the checksum of rows, columns, descriptions, metrics and completeness: everything but the clock."""
    content = {
        "personal_data": publish_pii,
        "sources": dict(sources),
        "metrics": [asdict(metric) for metric in metrics],
        "tables": {
            plan.mart.name: {
                "rows": fingerprints[plan.mart.name].rows,
                "checksum": fingerprints[plan.mart.name].checksum,
                "description": plan.mart.description,
                "lineage": asdict(plan.mart.lineage),
                "columns": [
                    [column.name, column.data_type, column.description, column.pii]
                    for column in plan.mart.columns
                ],
            }
            for plan in plans
        },
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
