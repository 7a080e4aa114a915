"""A suite in Great Expectations' own terms. The only modules that import it are this one and `gx_run`."""

from typing import Any

from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import ExpectColumnValuesToBeInSet
from great_expectations.expectations.core.expect_column_values_to_be_unique import (
    ExpectColumnValuesToBeUnique,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import (
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.core.expect_table_row_count_to_be_between import (
    ExpectTableRowCountToBeBetween,
)
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import Expectation

from expectations.rules import Rule
from expectations.suites import Suite


def to_gx(suite: Suite) -> ExpectationSuite:
    """Translate a suite; each expectation's meta says which of the suite's rules it is."""
    built = [_expectation(rule, number) for number, rule in enumerate(suite.rules)]
    return ExpectationSuite(name=suite.name, expectations=list(built))


def _expectation(rule: Rule, number: int) -> Expectation:
    given = rule.arguments
    common: dict[str, Any] = {"severity": rule.severity, "meta": {"rule": number}}
    match rule.kind:
        case "not_null":
            return ExpectColumnValuesToNotBeNull(column=given["column"], **common)
        case "unique" if len(given["columns"]) == 1:
            return ExpectColumnValuesToBeUnique(column=given["columns"][0], **common)
        case "unique":
            return ExpectCompoundColumnsToBeUnique(column_list=given["columns"], **common)
        case "one_of":
            return ExpectColumnValuesToBeInSet(column=given["column"], value_set=given["values"], **common)
        case "between":
            low, high = given["low"], given["high"]
            return ExpectColumnValuesToBeBetween(
                column=given["column"], min_value=low, max_value=high, **common
            )
        case "has_rows":
            return ExpectTableRowCountToBeBetween(min_value=1, **common)
        case _:
            return UnexpectedRowsExpectation(
                unexpected_rows_query=_query(rule.offending), description=rule.sentence, **common
            )


def _query(offending: str) -> str:
    """Make `{batch}` the query's only field, in brackets: what is put there brings an alias of its own."""
    escaped = offending.replace("{", "{{").replace("}", "}}")
    return escaped.replace("{{batch}}", "(select * from {batch})")
