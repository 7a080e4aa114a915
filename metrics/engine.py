"""MetricFlow as a compiler: from metrics and groups to SQL for DuckDB."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import cast

from metricflow.engine.metricflow_engine import (
    MetricFlowEngine,
    MetricFlowQueryRequest,
    OutputColumnOrderMode,
)
from metricflow.protocols.sql_client import SqlClient, SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow.sql.render.sql_plan_renderer import SqlPlanRenderer
from metricflow_semantics.errors.error_classes import InformativeUserError
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

from metrics.errors import MetricsError
from metrics.manifest import latest_manifest, read_manifest

# MetricFlow numbers the parts of its plans with a counter per process.
_lock = Lock()


@dataclass(frozen=True)
class Request:
    """A query in MetricFlow's terms; `order_by` names columns of the result, with `-` before one for descending."""

    metrics: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    order_by: tuple[str, ...] = ()
    limit: int | None = None
    start: datetime | None = None
    end: datetime | None = None


class _DuckDb:
    """The client that MetricFlow needs to write SQL; it cannot run any."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer: SqlPlanRenderer = DuckDbSqlPlanRenderer()


def compiled(request: Request) -> str:
    """Return the SQL of `request`, in some 0.1 s the first time. Raises MetricsError if the request is invalid."""
    with _lock:
        return _compiler(*latest_manifest())(request)


@lru_cache(maxsize=1)
def _compiler(manifest: Path, written: int) -> Callable[[Request], str]:
    engine = MetricFlowEngine(
        SemanticManifestLookup(read_manifest(manifest, written)), cast("SqlClient", _DuckDb())
    )

    @lru_cache(maxsize=1000)
    def compile_request(request: Request) -> str:
        try:
            return engine.explain(
                MetricFlowQueryRequest.create(
                    metric_names=request.metrics,
                    group_by_names=request.group_by,
                    where_constraints=request.where,
                    order_by_names=request.order_by,
                    limit=request.limit,
                    time_constraint_start=request.start,
                    time_constraint_end=request.end,
                    output_column_order_mode=OutputColumnOrderMode.INPUT_ORDER,
                )
            ).sql_statement.without_descriptions.sql
        except InformativeUserError as error:
            raise MetricsError(str(error).strip()) from error

    return compile_request
