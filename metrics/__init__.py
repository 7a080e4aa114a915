"""The metrics that `dbt_project` defines, answered from the published marts.

    metrics.query(["revenue"], group_by=["metric_time__month", "channel"])  ->  rows, as dictionaries

MetricFlow writes the SQL; it runs on `marts.duckdb`. `python -m metrics` answers on the command line.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
from metrics.definitions import Metric, definitions
from metrics.errors import MetricsError
from metrics.query import frame, query, sql

__all__ = ["Metric", "MetricsError", "definitions", "frame", "query", "sql"]
