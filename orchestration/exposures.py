"""Who reads the marts, as assets at the end of the graph: what dbt calls exposures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.earlier_runs import PUBLISHED_KEY

GROUP = "exposures"


def exposures(manifest: Path) -> list[dg.AssetSpec]:
    """Return an external asset for each exposure of dbt's `manifest`, downstream of its marts and of publishing."""
    content = json.loads(manifest.read_bytes())
    return [_asset(exposure, content["nodes"]) for exposure in content["exposures"].values()]


def _asset(exposure: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> dg.AssetSpec:
    marts = [nodes[unique_id]["alias"] for unique_id in exposure["depends_on"]["nodes"]]
    url = exposure["url"]
    return dg.AssetSpec(
        dg.AssetKey([GROUP, exposure["name"]]),
        deps=[PUBLISHED_KEY, *(dg.AssetKey(["marts", mart]) for mart in sorted(marts))],
        description=exposure["description"].strip(),
        group_name=GROUP,
        owners=[f"team:{exposure['owner']['name']}"],
        kinds={exposure["type"]},
        metadata={"address": dg.MetadataValue.url(url)} if url else {},
    )
