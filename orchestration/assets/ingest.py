"""Raw tables as assets: one op per source, whose failure stays its own, and the ledger that sums them up.

`@dlt_assets` would run a dlt pipeline and nothing else. `ingestion.sources.load` also judges every record,
writes ledger and rejects, and distinguishes a source that is not configured from one that is broken, and it does so
without Dagster too; so the ops here call it, and pass on to Dagster what it reports.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from traceback import format_exception
from typing import Any

import dagster as dg
import duckdb

from expectations import suite_for
from ingestion.errors import SourceError, cause_of, without_secrets
from ingestion.load.ledger import LoadReport, TableCounts
from ingestion.sources import SOURCES, load
from ingestion.tables import ACCOUNTS
from orchestration.settings import WRITER_POOL, Settings, environment_of_run, run_clock
from printable import escaped, escaped_lines, escaped_output
from storage.sessions import open_file

SOURCE_LOADED = "source_loaded"
OWNER = "team:data-engineering"
# A source that waits for somebody else's server comes when the others are done, so that none waits for it.
LAST = {"dagster/priority": "-1"}
RAW_TABLES: dict[str, tuple[str, ...]] = {
    name: tuple(table.name for table in source.tables) for name, source in SOURCES.items()
}


def raw_key(table: str) -> dg.AssetKey:
    """Return the key of a raw table's asset; dbt's source of that name has the same."""
    return dg.AssetKey(["raw", table])


def source_assets(source: str) -> dg.AssetsDefinition:
    """Make the assets of a source's tables and the op that loads them.

    A broken source must not keep the others from being built, and Dagster skips all that is downstream of a
    failed step. So the op succeeds: the failure is a failed check on each of its tables, the tables stay as
    they were, and the check `sources_complete`, after publishing, fails the run.
    """
    tables = RAW_TABLES[source]

    @dg.multi_asset(
        name=f"ingest_{source}",
        description=f"Loads what is new in the source {source}. A broken source fails alone.",
        specs=[_spec(table) for table in tables],
        check_specs=[
            dg.AssetCheckSpec(
                SOURCE_LOADED,
                asset=raw_key(table),
                description=f"The source {source} was loaded, or is not configured.",
            )
            for table in tables
        ],
        pool=WRITER_POOL,
        op_tags=LAST if source == "support" else {},
    )
    def ingest(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult[None]]:
        run_at = run_clock(context.instance, context.run.run_id, settings)
        with environment_of_run(run_at, settings), escaped_output():
            report = _load_alone(context, source)
        for table in tables:
            yield _materialized(table, report, _row_count(settings, table))

    return ingest


def _spec(table: str, deps: Iterable[dg.AssetKey] = ()) -> dg.AssetSpec:
    return dg.AssetSpec(
        raw_key(table),
        deps=deps,
        description=suite_for(f"raw.{table}").grain,
        group_name="raw",
        kinds={"dlt", "duckdb"},
        owners=[OWNER],
    )


@dg.multi_asset(
    name="close_ledger",
    description="Looks at what all sources wrote into the ledger and among the rejects.",
    specs=[
        _spec(account.name, deps=[raw_key(table) for tables in RAW_TABLES.values() for table in tables])
        for account in ACCOUNTS
    ],
    pool=WRITER_POOL,
)
def ledger_assets(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult[None]]:
    """Record the size of the ledger and of the rejects; every source has written its part by now."""
    for account in ACCOUNTS:
        rows = _row_count(settings, account.name)
        yield dg.MaterializeResult(asset_key=raw_key(account.name), metadata=_row_count_metadata(rows))


def _load_alone(context: dg.AssetExecutionContext, source: str) -> LoadReport:
    """Load a source; whatever it meets ends up in its report, because the other sources must go on."""
    try:
        report = load(source)
    except SourceError as error:
        report = error.report or LoadReport(source, "failed", error.message)
    except Exception as error:
        report, trace = unforeseen(source, error)
        context.log.error(trace)
    (context.log.error if report.status == "failed" else context.log.info)(str(report))
    return report


def unforeseen(source: str, error: Exception) -> tuple[LoadReport, str]:
    """Report an error that ingestion did not foresee, and its trace for the log; either may quote a password."""
    report = LoadReport(
        source, "failed", escaped(without_secrets(f"{type(error).__name__}: {cause_of(error)}"))
    )
    trace = escaped_lines(without_secrets("".join(format_exception(error))))
    return report, f"{source}: an error that ingestion did not foresee\n{trace}"


def _materialized(table: str, report: LoadReport, rows: int | None) -> dg.MaterializeResult[None]:
    counts = report.tables.get(table, TableCounts())
    metadata: dict[str, Any] = {
        "source": report.source,
        "status": report.status,
        "message": report.message,
        "records_read": counts.read,
        "records_loaded": counts.loaded,
        "records_duplicate": counts.duplicate,
        "records_rejected": counts.rejected,
        "seconds_of_source": round(report.seconds, 2),
        **_row_count_metadata(rows),
    }
    loaded = dg.AssetCheckResult(
        asset_key=raw_key(table),
        check_name=SOURCE_LOADED,
        passed=report.status != "failed",
        severity=dg.AssetCheckSeverity.ERROR,
        description=f"{report.source}: {report.status.replace('_', ' ')}. {report.message}",
    )
    return dg.MaterializeResult(asset_key=raw_key(table), metadata=metadata, check_results=[loaded])


def _row_count(settings: Settings, table: str) -> int | None:
    """Rows of a raw table, or None where it is not there yet."""
    if not settings.warehouse.exists():
        return None
    with closing(open_file(settings.warehouse, read_only=True)) as connection:
        try:
            row = connection.execute(f"select count(*) from raw.{table}").fetchone()
        except duckdb.CatalogException:
            return None
    return int(row[0]) if row else None


def _row_count_metadata(rows: int | None) -> dict[str, int]:
    return {} if rows is None else {"dagster/row_count": rows}
