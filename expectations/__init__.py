"""Expectations on the data: one suite per raw table and per mart, run in SQL, read only.

raw/*.yml, marts/*.yml     the suites, for analytics engineers to read and edit
validate(table, ...)       a suite's verdict on its table, and a page of Data Docs
validate_each(suites, ...) those of many tables

Does not import Dagster. Great Expectations is imported on the first `validate`, which takes seconds.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
from expectations.errors import SuiteError
from expectations.suites import Suite, all_suites, suite_for, suites_of
from expectations.validation import validate, validate_each
from expectations.verdict import Finding, Severity, Verdict

__all__ = [
    "Finding",
    "Severity",
    "Suite",
    "SuiteError",
    "Verdict",
    "all_suites",
    "suite_for",
    "suites_of",
    "validate",
    "validate_each",
]
