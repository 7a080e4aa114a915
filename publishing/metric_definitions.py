"""The metrics of dbt's manifest, as the data dictionary shows them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class MetricDefinition:
    """A metric in words; `formula` is empty if it is a sum, a count or an average of one mart's rows."""

    name: str
    label: str
    description: str
    formula: str
    marts: tuple[str, ...]


def read_metrics(manifest: Path) -> tuple[MetricDefinition, ...]:
    """Return the metrics by label; none if the project defines none."""
    content: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    metrics = content.get("metrics", {})
    return tuple(
        sorted(
            (_definition(unique_id, content) for unique_id in metrics),
            key=lambda metric: metric.label.casefold(),
        )
    )


def _definition(unique_id: str, manifest: Mapping[str, Any]) -> MetricDefinition:
    metric = manifest["metrics"][unique_id]
    return MetricDefinition(
        name=metric["name"],
        label=metric["label"] or metric["name"],
        description=" ".join(metric["description"].split()),
        formula=_formula(metric),
        marts=tuple(sorted(_marts(unique_id, manifest))),
    )


def _formula(metric: Mapping[str, Any]) -> str:
    """Return the formula of a metric of other metrics, without the guard against division by zero."""
    parameters = metric["type_params"]
    if metric["type"] == "ratio":
        return f"{parameters['numerator']['name']} / {parameters['denominator']['name']}"
    return re.sub(r"nullif\((\w+), 0\)", r"\1", parameters["expr"]) if metric["type"] == "derived" else ""


def _marts(unique_id: str, manifest: Mapping[str, Any]) -> set[str]:
    """Return the marts of a metric, through its semantic models."""
    if unique_id in manifest["nodes"]:
        return {manifest["nodes"][unique_id]["alias"]}
    node = manifest["metrics"].get(unique_id) or manifest["semantic_models"][unique_id]
    return {mart for parent in node["depends_on"]["nodes"] for mart in _marts(parent, manifest)}
