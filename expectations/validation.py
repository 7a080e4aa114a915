"""`validate`: a suite's verdict on its table."""

from contextlib import closing
from pathlib import Path

import duckdb

from expectations.data_docs import write_page
from expectations.suites import Suite, suite_for
from expectations.verdict import Finding, Verdict, verdict_of


def validate(
    table: str, warehouse: Path, *, docs: Path | None = None, docs_url: str = "", suite: Suite | None = None
) -> Verdict:
    """Judge `table` (`<schema>.<table>`) in the DuckDB file `warehouse` by its suite, read only.

    With `docs`, a page of Data Docs is written to that folder; `docs_url` is where that is served. `suite`
    replaces the table's own. Raises SuiteError where the table has no suite; a missing table is a finding.
    """
    # Great Expectations takes 6 to 10 seconds to import: whoever only reads suites need not wait for it.
    from expectations.gx_run import run_suite

    suite = suite or suite_for(table)
    rows = _row_count(suite, warehouse)
    if rows is None:
        absent = Finding(
            expectation="the table exists",
            severity="critical",
            passed=False,
            unexpected=0,
            cause=f"there is no table {suite.name} in the warehouse",
        )
        return verdict_of(suite.name, 0, (absent,), None)
    findings, result = run_suite(suite, warehouse)
    verdict = verdict_of(suite.name, rows, findings, None)
    if docs is None:
        return verdict
    url = write_page(suite, verdict, result, folder=docs, url=docs_url)
    return verdict_of(suite.name, rows, findings, url)


def _row_count(suite: Suite, warehouse: Path) -> int | None:
    """Rows of the suite's table, or None where the warehouse has no such table."""
    with closing(duckdb.connect(warehouse, read_only=True)) as connection:
        try:
            row = connection.execute(f"select count(*) from {suite.name}").fetchone()
        except duckdb.CatalogException:
            return None
    assert row is not None, "count(*) always has a row"
    return int(row[0])
