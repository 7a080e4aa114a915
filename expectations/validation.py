"""`validate` runs a suite on its table; `validate_each` runs many with one connection."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.data_docs import write_page
from expectations.suites import Suite, suite_for
from expectations.verdict import Finding, Verdict, verdict_of

if TYPE_CHECKING:
    from great_expectations.datasource.fluent.sql_datasource import SQLDatasource

MEMORY_LIMIT = "3GB"


def validate(
    table: str, warehouse: Path, *, docs: Path | None = None, docs_url: str = "", suite: Suite | None = None
) -> Verdict:
    """Validate `table` (`<schema>.<table>`) of the DuckDB file `warehouse` by its suite, read only.

    With `docs`, a page of Data Docs is written to that folder; `docs_url` is where that is served. `suite`
    replaces the table's own. Raises SuiteError if the table has no suite; a missing table is a finding.
    """
    suites = [suite or suite_for(table)]
    return next(validate_each(suites, warehouse, docs=docs, docs_url=docs_url))


def validate_each(
    suites: Iterable[Suite],
    warehouse: Path,
    *,
    docs: Path | None = None,
    docs_url: str = "",
    memory_limit: str = MEMORY_LIMIT,
) -> Iterator[Verdict]:
    """Validate the table of each suite as `validate` does, one after the other, with one open warehouse.

    `memory_limit` is DuckDB's memory limit; what needs more spills to disk next to the warehouse.
    """
    # Great Expectations takes 6 to 10 seconds to import, and reading suites does not need it.
    from expectations.gx_run import opened

    with opened(warehouse, memory_limit) as source:
        for suite in suites:
            yield _verdict(suite, source, docs, docs_url)


def _verdict(suite: Suite, source: "SQLDatasource", docs: Path | None, docs_url: str) -> Verdict:
    from expectations.gx_run import row_count, run_suite

    rows = row_count(suite, source)
    if rows is None:
        absent = Finding(
            expectation="the table exists",
            severity="critical",
            passed=False,
            unexpected=0,
            cause=f"there is no table {suite.name} in the warehouse",
        )
        return verdict_of(suite.name, 0, (absent,), None)
    findings, result = run_suite(suite, source)
    verdict = verdict_of(suite.name, rows, findings, None)
    if docs is None:
        return verdict
    url = write_page(suite, verdict, result, folder=docs, url=docs_url)
    return verdict_of(suite.name, rows, findings, url)
