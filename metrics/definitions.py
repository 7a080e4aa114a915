"""The metrics in words."""

from dataclasses import dataclass

from metrics.manifest import latest_manifest, read_manifest


@dataclass(frozen=True)
class Metric:
    """A metric with the description in its YAML."""

    name: str
    label: str
    description: str


def definitions() -> dict[str, Metric]:
    """Return all metrics by name. Raises MetricsError if dbt has written no manifest."""
    metrics = read_manifest(*latest_manifest()).metrics
    return {
        metric.name: Metric(
            metric.name, metric.label or metric.name, " ".join((metric.description or "").split())
        )
        for metric in sorted(metrics, key=lambda metric: metric.name)
    }
