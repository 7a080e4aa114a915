"""Runs a suite with Great Expectations in SQL, and converts its result to plain findings."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import great_expectations as gx
from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from expectations.dialect import read_only_url
from expectations.gx_suite import to_gx
from expectations.rules import Rule
from expectations.suites import Suite
from expectations.values import without_quoted
from expectations.verdict import Finding
from printable import escaped, without_contacts

_EXAMPLES = 5
# These are raised before a row is read, so they quote only names of the suite.
_OF_NAMES = re.compile(r"\(\S*(?:Binder|Catalog|Parser)Exception\)")
_LONG_NUMBER = re.compile(r"\d{5,}")


def run_suite(
    suite: Suite, source: SQLDatasource
) -> tuple[tuple[Finding, ...], ExpectationSuiteValidationResult]:
    """Return a finding per rule, in order, and Great Expectations' own result."""
    engine = source.get_engine()
    asset = source.add_table_asset(name=suite.name, table_name=suite.table, schema_name=suite.layer)
    batch = asset.get_batch(asset.build_batch_request())
    expected = to_gx(suite)
    result = batch.validate(expected)
    if any(_cause(each.exception_info) for each in result.results):
        # One rule that cannot be evaluated fails the shared query.
        result.results = [batch.validate(expectation) for expectation in expected.expectations]
    _hide_values(result)
    by_rule = {_number(each): each for each in result.results}
    findings = tuple(
        _finding(rule, by_rule[number], suite, engine) for number, rule in enumerate(suite.rules)
    )
    source.delete_asset(suite.name)
    return findings, result


def row_count(suite: Suite, source: SQLDatasource) -> int | None:
    """Rows of the suite's table, or None if the warehouse has no such table."""
    engine = source.get_engine()
    if not inspect(engine).has_table(suite.table, schema=suite.layer):
        return None
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"select count(*) from {suite.name}").scalar_one())


@contextmanager
def opened(warehouse: Path, memory_limit: str) -> Iterator[SQLDatasource]:
    """Open the warehouse as a source and close it at the end, so that the next writer finds the file free."""
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    config = DataContextConfig(store_backend_defaults=stores)
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.enable_analytics(False)
    # A context in memory saves nothing, but would serialize all its settings twice for each table.
    context._save_project_config = lambda *_: None  # type: ignore[method-assign]
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_sql(
        name="warehouse", connection_string=read_only_url(warehouse, memory_limit)
    )
    try:
        yield source
    finally:
        source.get_engine().dispose()
        source.get_execution_engine().engine.dispose()


def _finding(rule: Rule, result: ExpectationValidationResult, suite: Suite, engine: Engine) -> Finding:
    cause = _cause(result.exception_info)
    passed = bool(result.success) and not cause
    return Finding(
        expectation=rule.sentence,
        severity=rule.severity,
        passed=passed,
        unexpected=0 if cause else int(result.result["observed_value"]),
        examples=() if passed or cause else _examples(rule, suite, engine),
        cause=cause,
    )


def _hide_values(result: ExpectationSuiteValidationResult) -> None:
    """Keep only the cause of an exception: message and traceback quote the offending value."""
    for each in result.results:
        if cause := _cause(each.exception_info):
            each.exception_info = {
                "raised_exception": True,
                "exception_message": cause,
                "exception_traceback": "",
            }


def _number(result: ExpectationValidationResult) -> int:
    assert result.expectation_config is not None, "a result that was evaluated carries its expectation"
    return int(result.expectation_config.meta["rule"])


def _cause(exception_info: Mapping[str, Any] | None) -> str:
    """Return why the expectation could not be evaluated, without values, or an empty text."""
    if not exception_info:
        return ""
    infos = [exception_info] if "raised_exception" in exception_info else list(exception_info.values())
    for info in infos:
        if info.get("raised_exception"):
            lines = str(info.get("exception_message") or "it could not be tested").strip().splitlines()
            return escaped(
                lines[0] if _OF_NAMES.match(lines[0]) else _LONG_NUMBER.sub("…", without_quoted(lines[0]))
            )
    return ""


def _examples(rule: Rule, suite: Suite, engine: Engine) -> tuple[dict[str, str], ...]:
    """Keys of a few offending rows, which may be contacts; none if the rule's query does not return the key."""
    keys = ", ".join(f'"{column}"' for column in suite.key)
    offending = rule.offending.replace("{batch}", suite.name)
    query = f"select {keys} from ({offending}) as offending order by all limit {_EXAMPLES}"
    try:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql(query).mappings().all()
    except SQLAlchemyError:
        return ()
    return tuple({name: escaped(without_contacts(str(value))) for name, value in row.items()} for row in rows)
