"""Whether a refresh has anything to build: what the published marts were made from, beside what there is now.

A refresh that loaded nothing new would check, build and publish what is published already. It is left out, with
all steps after loading, unless a day has passed: journeys, carts and customers grow old by the clock.
"""

import hashlib
import json
from contextlib import closing
from pathlib import Path

import dagster as dg

from ingestion.warehouse import opened
from orchestration.clock import run_clock
from orchestration.earlier_runs import last_published, source_states
from orchestration.executor import REFRESH_TAG
from orchestration.project_files import digest_of
from orchestration.settings import Settings

MADE_FROM = "made_from"
# A run with this tag builds everything, news or not; so does a run of anything but the job `refresh`.
REBUILD_TAG = "throughline/rebuild"
# The run's own note of what it builds from.
_BUILT_FROM = "throughline/built_from"
_ROOT = Path(__file__).resolve().parents[1]
_LOADED = """
    select count(*), max(_dlt_load_id) from raw.load_ledger where records_loaded > 0 or records_rejected > 0
"""
_RAW_TABLES = """
    select table_name from duckdb_columns()
    where schema_name = 'raw' and column_name = '_dlt_load_id' and table_name <> 'load_ledger' order by table_name
"""


def has_new_inputs(instance: dg.DagsterInstance, run: dg.DagsterRun, settings: Settings) -> bool:
    """Say whether the run must build: something it would build from differs from what was last published."""
    if REFRESH_TAG not in run.tags or REBUILD_TAG in run.tags or not settings.marts.exists():
        return True
    if any(state.status == "failed" for state in source_states(instance).values()):
        return True
    return last_published(instance).get(MADE_FROM) != inputs_digest(instance, run.run_id, settings)


def note_inputs(instance: dg.DagsterInstance, run: dg.DagsterRun, settings: Settings) -> None:
    """Note with the run what it is about to build from: what is edited or loaded from now on is for the next one."""
    instance.add_run_tags(run.run_id, {_BUILT_FROM: inputs_digest(instance, run.run_id, settings)})


def noted_inputs(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    """Return what a run has noted; nothing where it did not build all models, and the next one is to do so."""
    noted = instance.get_run_by_id(run.run_id)
    return noted.tags.get(_BUILT_FROM, "") if noted else ""


def inputs_digest(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> str:
    """Return a digest of all that the marts are made from: records, models, checks, settings and the day."""
    parts = {
        "day": run_clock(instance, run_id, settings).date().isoformat(),
        "records": _records(settings.warehouse),
        "sources": {source: state.status for source, state in source_states(instance).items()},
        "files": [digest_of(folder) for folder in (settings.dbt_project, _ROOT / "expectations")],
        "places": [str(settings.warehouse), str(settings.marts), str(settings.private_marts)],
        "settings": [settings.publish_pii, settings.identity_salt, *settings.of_models],
    }
    # Short enough to be read in Dagster's list of runs.
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _records(warehouse: Path) -> list[str]:
    """Return what the ledger says of loads that brought something, and which loads each raw table's rows are of.

    The ledger alone does not tell of an earlier text of a known message, which is a duplicate there, but replaces it.
    """
    with closing(opened(warehouse, read_only=True)) as connection:
        found = list(connection.execute(_LOADED).fetchone() or ())
        for (table,) in connection.execute(_RAW_TABLES).fetchall():
            # A replaced row is of another load, whatever its number; one column of ten million rows takes 0.1 s.
            loads = connection.execute(f'select count(*), sum(hash(_dlt_load_id)) from raw."{table}"')
            found += [table, *(loads.fetchone() or ())]
    return [str(value) for value in found]
