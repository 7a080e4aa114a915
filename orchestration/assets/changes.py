"""Whether anything has changed: what the published marts were made from, compared with what there is now.

    the sensor        files that landed                           `landed_files`
    a refresh         records, project, checks, settings, day     `has_new_inputs`
    a slice           project, settings and libraries             `digest_of_build`
    publishing        what the run was built from                 `noted_inputs`

A refresh that loaded nothing new would check, build and publish what is published already. It is left out, with
all steps after loading, unless a day has passed: journeys, carts and customers grow old by the clock.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg

from ingestion.errors import NotConfiguredError, SourceError
from ingestion.lines.landing import LandedFile, Landing, check_configured
from orchestration.assets.ingest import RAW_TABLES, raw_key
from orchestration.processes import REFRESH_TAG
from orchestration.settings import Settings, run_clock
from storage.sessions import open_file

PUBLISHED_KEY = dg.AssetKey(["published", "marts"])
MADE_FROM = "made_from"
# A run with this tag builds everything, news or not; so does a run of anything but the job `refresh`.
REBUILD_TAG = "throughline/rebuild"
# The run's own note of what it builds from.
_BUILT_FROM = "throughline/built_from"
_ROOT = Path(__file__).resolve().parents[2]
_LOADED = """
    select count(*), max(_dlt_load_id) from raw.load_ledger where records_loaded > 0 or records_rejected > 0
"""
_RAW_TABLES = """
    select table_name from duckdb_columns()
    where schema_name = 'raw' and column_name = '_dlt_load_id' and table_name <> 'load_ledger' order by table_name
"""
LANDED_SOURCES = ("web", "app", "marketing")
_EDITED = ("*.sql", "*.py", "*.yml", "*.csv", "*.md")
_LEFT_BEHIND = ("target", "logs")
DECISIONS = "seeds/identity_decisions.csv"
# What Python models import: with another version, the same code may make other rows. DuckDB runs them all.
PACKAGES = (
    "duckdb",
    "idna",
    "nltk-vader-sentiment",
    "numpy",
    "pandas",
    "phonenumbers",
    "py3langid",
    "pyarrow",
    "RapidFuzz",
    "scipy",
    "splink",
)


@dataclass(frozen=True)
class SourceState:
    """How a source's latest load ended."""

    status: str
    message: str


def source_states(instance: dg.DagsterInstance) -> dict[str, SourceState]:
    """Return the state of every source that was ever loaded under this instance."""
    states = {}
    for source, tables in RAW_TABLES.items():
        metadata = _latest(instance, raw_key(tables[0]))
        if metadata:
            states[source] = SourceState(str(metadata["status"]), str(metadata["message"]))
    return states


def last_published(instance: dg.DagsterInstance) -> dict[str, Any]:
    """Return the metadata of the latest publication; nothing where there was none."""
    return _latest(instance, PUBLISHED_KEY)


def _latest(instance: dg.DagsterInstance, key: dg.AssetKey) -> dict[str, Any]:
    event = instance.get_latest_materialization_event(key)
    if event is None or event.asset_materialization is None:
        return {}
    return {name: entry.value for name, entry in event.asset_materialization.metadata.items()}


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

    The ledger alone does not show an earlier version of a known message: a duplicate there, it replaces the later one.
    """
    with closing(open_file(warehouse, read_only=True)) as connection:
        found = list(connection.execute(_LOADED).fetchone() or ())
        for (table,) in connection.execute(_RAW_TABLES).fetchall():
            # A replaced row is of another load, whatever its number; one column of ten million rows takes 0.1 s.
            loads = connection.execute(f'select count(*), sum(hash(_dlt_load_id)) from raw."{table}"')
            found += [table, *(loads.fetchone() or ())]
    return [str(value) for value in found]


def digest_of(folder: Path, without: Collection[str] = ()) -> str:
    """Digest the names and contents of a folder's files but these; what dbt leaves behind is in folders of its own."""
    digest = hashlib.sha256()
    files = {file for pattern in _EDITED for file in folder.rglob(pattern)}
    for file in sorted(files):
        name = file.relative_to(folder)
        if name.parts[0] not in _LEFT_BEHIND and name.as_posix() not in without:
            digest.update(f"{name}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def digest_of_build(dbt_project: Path, of_models: Sequence[str]) -> str:
    """Digest what a whole build depends on besides records: project, settings, our package `money`, libraries.

    Stewards' decisions are left out: a slice takes them in.
    """
    packages = " ".join(f"{name} {version(name)}" for name in PACKAGES)
    money = digest_of(_ROOT / "money")
    parts = (digest_of(dbt_project, without=(DECISIONS,)), packages, money, *of_models)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def landed_files() -> tuple[list[LandedFile], list[str]]:
    """Every landed file, and why a folder could not be listed; a run will fail on that, aloud."""
    files: list[LandedFile] = []
    problems = []
    for source in LANDED_SOURCES:
        try:
            check_configured(source)
            files += Landing(source).list()
        except NotConfiguredError:
            continue
        except SourceError as error:
            problems.append(error.message)
    return files, problems


def digest_of_files(files: list[LandedFile]) -> str:
    """Digest which files there are, their sizes and times."""
    listing = sorted((file.url, file.size, file.modified_at.isoformat()) for file in files)
    return hashlib.sha256(json.dumps(listing).encode()).hexdigest()
