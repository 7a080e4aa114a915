"""The checksum of all that is published, by which a publication knows that nothing has changed."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from publishing.plan import Fingerprint, TablePlan


def content_checksum(
    plans: Sequence[TablePlan],
    fingerprints: Mapping[str, Fingerprint],
    sources: Mapping[str, str],
    publish_pii: bool,
) -> str:
    """Of rows, columns, descriptions and completeness: all that a reader can see, but for the clock."""
    content = {
        "personal_data": publish_pii,
        "sources": dict(sources),
        "tables": {
            plan.mart.name: {
                "rows": fingerprints[plan.mart.name].rows,
                "checksum": fingerprints[plan.mart.name].checksum,
                "description": plan.mart.description,
                "built_from": plan.mart.built_from,
                "columns": [
                    [column.name, column.data_type, column.description, column.pii]
                    for column in plan.mart.columns
                ],
            }
            for plan in plans
        },
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
