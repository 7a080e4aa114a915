"""The only place where a dlt pipeline is made: sources in, the raw schema of the warehouse out.

    load(source) ─ tables exist ─ pending package of a crashed run ─ the source's batches, one package each

Each source has a pipeline of its own, with its working folder beside the warehouse. What is known already
(files, cursors, ids) is read from the warehouse itself, so a new warehouse, or a lost working folder, never
hides data.
"""

import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path

import dlt
import duckdb
from dlt.common.schema import Schema
from dlt.common.schema.utils import new_table
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials
from dlt.pipeline.exceptions import PipelineStepFailed

from ingestion.errors import NotConfiguredError, SourceError, cause_of
from ingestion.lake import LakeError, lake_url, write_lake
from ingestion.load.batch import Source, dlt_source
from ingestion.load.ledger import LoadReport, Status, TableCounts
from ingestion.load.recovery import Unsettled, clear_half_made, forget_old_packages, settle
from ingestion.run import Run, clear_abandoned
from ingestion.settings import run_at, warehouse_path
from ingestion.tables import ACCOUNTS, RawTable
from printable import escaped
from storage.sessions import MEMORY_LIMIT, NO_VACUUM, open_file

DATASET = "raw"
# The schema with all raw tables; each source's own schema has only the tables that it loads.
TABLES_SCHEMA = "tables"
LOADING = {"preserve_insertion_order": False, "memory_limit": MEMORY_LIMIT, **NO_VACUUM}
# Whatever the current directory: nothing is sent to anybody, and loaded files do not pile up.
DLT_SETTINGS = {"RUNTIME__DLTHUB_TELEMETRY": "false", "LOAD__DELETE_COMPLETED_JOBS": "true"}
log = logging.getLogger(__name__)


def load_source(source: Source, tables: Sequence[RawTable]) -> LoadReport:
    """Load what is new in a source, as `ingestion.sources.load` says; ``tables`` are the raw tables of all sources."""
    started = time.monotonic()
    counts: dict[str, TableCounts] = {}

    def report(status: Status, message: str) -> LoadReport:
        return LoadReport(source.name, status, escaped(message), counts, time.monotonic() - started)

    run = Run(source.name, run_at(), warehouse_path())
    try:
        message = _load(run, source, tables, counts)
    except NotConfiguredError as reason:
        return report("not_configured", str(reason))
    except SourceError as error:
        error.report = report(
            "failed", " ".join([f"{error.message}.", *run.notes]) if run.notes else error.message
        )
        raise
    return report("loaded", message)


def _load(run: Run, source: Source, tables: Sequence[RawTable], counts: dict[str, TableCounts]) -> str:
    try:
        run.warehouse.parent.mkdir(parents=True, exist_ok=True)
        _make_tables(run, [*tables, *ACCOUNTS])
        source.check_configured()
        clear_abandoned(run.benches)
        pipeline = _pipeline(run, run.source)
        _finish_or_forget(run, pipeline, counts)
        for batch in source.batches(run):
            if batch.queries:
                pipeline.run(dlt_source(source, batch), loader_file_format="parquet")
                _remember(run)
                forget_old_packages(pipeline)
            for table, added in batch.counts.items():
                counts[table] = counts.get(table, TableCounts()) + added
        if url := lake_url():
            write_lake(run.warehouse, url)
    except LakeError as error:
        raise SourceError(run.source, str(error)) from error
    except (PipelineStepFailed, duckdb.OperationalError, duckdb.FatalException, OSError) as error:
        raise SourceError(run.source, f"cannot load into {run.warehouse}: {cause_of(error)}") from error
    return " ".join([_summary(counts), *run.notes])


def _summary(counts: dict[str, TableCounts]) -> str:
    total = sum(counts.values(), TableCounts())
    if not total.loaded and not total.rejected:
        return "Nothing new."
    return f"{total.loaded:,} of {total.read:,} records are new; {total.rejected:,} are rejected."


def _pipeline(run: Run, name: str) -> dlt.Pipeline:
    for variable, value in DLT_SETTINGS.items():
        os.environ.setdefault(variable, value)
    credentials = DuckDbCredentials(str(run.warehouse.resolve()))
    credentials.global_config = LOADING
    return dlt.pipeline(
        f"throughline_{name}",
        pipelines_dir=str(run.pipelines.resolve()),
        destination=dlt.destinations.duckdb(credentials=credentials),
        dataset_name=DATASET,
    )


def _make_tables(run: Run, tables: Sequence[RawTable]) -> None:
    """Make every raw table and column that the warehouse lacks, empty, so that what reads them finds them."""
    wanted = {(table.name, column["name"]) for table in tables for column in table.for_dlt}
    if wanted <= _existing_columns(run.warehouse):
        return
    pipeline = _pipeline(run, TABLES_SCHEMA)
    clear_half_made(pipeline)
    schema = Schema(TABLES_SCHEMA)
    for table in tables:
        schema.update_table(new_table(table.name, columns=table.for_dlt))
    pipeline.schemas.save_schema(schema)
    pipeline.sync_schema(TABLES_SCHEMA)


def _existing_columns(warehouse: Path) -> set[tuple[str, str]]:
    if not warehouse.exists():
        return set()
    with open_file(warehouse) as connection:
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = ?", [DATASET]
        )
        return {(table, column) for table, column in found.fetchall()}


def _finish_or_forget(run: Run, pipeline: dlt.Pipeline, counts: dict[str, TableCounts]) -> None:
    """Finish the package that a crashed run left, unless this warehouse is not the one it was made for."""
    is_same = _note(run).exists() and _note(run).read_text() == _fingerprint(run)
    if is_same:
        # The working folder already has the state that dlt would read from the warehouse.
        pipeline.config.restore_from_destination = False
    elif _note(run).exists():
        pipeline.drop()
    clear_half_made(pipeline)
    unsettled = Unsettled(run)
    if pipeline.has_pending_data:
        log.info("%s: finishing what an earlier run left behind", run.source)
        unsettled.add(pipeline.list_normalized_load_packages())
        pipeline.run()
    if waiting := unsettled.load_ids():
        for table, added in settle(run.warehouse, waiting).items():
            counts[table] = counts.get(table, TableCounts()) + added
        unsettled.clear()
    _remember(run)


def _remember(run: Run) -> None:
    """Note which state of which warehouse dlt's working folder belongs to."""
    _note(run).write_text(_fingerprint(run))


def _note(run: Run) -> Path:
    return run.pipelines / f"{run.source}.warehouse"


def _fingerprint(run: Run) -> str:
    """Return what identifies a warehouse and its state: when tables were created, and this source's last load."""
    question = f"""
        SELECT concat_ws(' ',
            (SELECT min(inserted_at) FROM {DATASET}._dlt_version WHERE schema_name = ?),
            (SELECT max(load_id) FROM {DATASET}._dlt_loads WHERE schema_name = ?))"""
    with open_file(run.warehouse) as connection:
        found = connection.execute(question, [TABLES_SCHEMA, run.source]).fetchone()
    return str(found[0]) if found else ""
