"""A suite in Great Expectations' own terms. The only modules that import it are this one and `gx_run`.

Every rule is one expectation, and its metric an aggregate: Great Expectations puts all aggregates over a table into
one query, so a suite reads its table once, however many rules it has.
"""

from typing import Any, ClassVar

import sqlalchemy as sa
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

from expectations.rules import Rule
from expectations.suites import Suite

_UNEXPECTED_ROWS = "table.unexpected_rows"


class UnexpectedRows(TableMetricProvider):
    """How many rows break a rule: the aggregate `counted`."""

    metric_name = _UNEXPECTED_ROWS
    value_keys = ("counted",)

    @metric_partial(
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _sqlalchemy(
        cls,  # noqa: N805  # Great Expectations makes it a class method
        execution_engine: SqlAlchemyExecutionEngine,
        metric_domain_kwargs: dict[str, Any],
        metric_value_kwargs: dict[str, Any],
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any],
    ) -> tuple[sa.ColumnElement[int], dict[str, Any], dict[str, Any]]:
        return sa.literal_column(metric_value_kwargs["counted"], sa.BigInteger), metric_domain_kwargs, {}


class ExpectNoUnexpectedRows(BatchExpectation):
    """Expects that the aggregate `counted` finds no row that breaks the rule."""

    counted: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (_UNEXPECTED_ROWS,)
    success_keys: ClassVar[tuple[str, ...]] = ("counted",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        found = int(metrics[_UNEXPECTED_ROWS])
        return {"success": found == 0, "result": {"observed_value": found}}


def to_gx(suite: Suite) -> ExpectationSuite:
    """Translate a suite; each expectation's meta has the index of its rule in the suite."""
    return ExpectationSuite(
        name=suite.name,
        expectations=[_expectation(rule, number, suite) for number, rule in enumerate(suite.rules)],
    )


def _expectation(rule: Rule, number: int, suite: Suite) -> ExpectNoUnexpectedRows:
    return ExpectNoUnexpectedRows(
        counted=rule.counted.replace("{batch}", suite.name),
        description=rule.sentence,
        severity=FailureSeverity(rule.severity),
        meta={"rule": number},
    )
