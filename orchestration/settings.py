"""What an operator sets: every environment variable that orchestration knows, the clock of a run, private files.

Where records come from is not here: those settings are dlt's (`SOURCES__...`), and ingestion reads them.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from ingestion.settings import YES_OR_NO
from orchestration.child import STARTED_BY
from publishing.places import is_same_file
from publishing.private_marts import SETTING as PRIVATE
from publishing.readers import readers_of
from publishing.secret import read_or_make_key
from publishing.sessions import MEMORY_LIMIT
from publishing.shelf import Shelf
from security.private import keep_files_private, make_private

# While one process has a DuckDB file open to write, no other can open it: every op and check that opens the
# warehouse is in this pool, whose limit is set in instance/dagster.yaml.
WRITER_POOL = "warehouse"
DEFAULT_STALE_AFTER_HOURS = 36
_PHONE_SOURCES = ("WEB", "APP", "MARKETING", "STORE", "SUPPORT")
# Models take them as they are: a currency in small letters would have no rate, a region unknown no phone number.
_READ_BY_MODELS = {
    "REPORTING_CURRENCY": (re.compile("[A-Z]{3}"), "three capital letters as in EUR"),
    **dict.fromkeys(
        ("DEFAULT_PHONE_REGION", *(f"{source}_PHONE_REGION" for source in _PHONE_SOURCES)),
        (re.compile("[A-Z]{2}"), "two capital letters as in DE"),
    ),
    "IDENTITY_PROBABILISTIC": (re.compile("true|false"), "true or false"),
}
# Zero would be enough for nothing.
_MEMORY = re.compile(r"(?=.*[1-9])\d+(\.\d+)?[KMGT]i?B", re.IGNORECASE)
_HOURS = range(1, 1_000_001)
_ROOT = Path(__file__).resolve().parents[1]
_DEFAULT_DATA = _ROOT / "data"
# What builds the models. Spark is installed in an environment of its own.
DUCKDB, SPARK = "duckdb", "spark"
SPARK_PYTHON = _ROOT / ".venv-spark" / "bin" / "python"


class SettingsError(ValueError):
    """An environment variable cannot be understood; the message names it and says what it must look like."""


@dataclass(frozen=True)
class Settings:
    """Where things are and what is to be published. Paths are absolute.

    `private_marts` is where names, contacts and texts are published, None for nowhere; `audiences` is the folder of the
    audiences that each run sends, None for none.
    `run_at` is the clock of every run, where it is set; else each run has its own start. `data_docs_url` is
    where the folder of Data Docs is served, if it is; else their links are file addresses. `alerts_webhook_url` is
    where alerts are posted, `stale_after_hours` how old the published marts may grow before one is.
    `memory_limit` is how much of the machine's memory DuckDB may take in each step, in dbt's by itself.
    `of_models` are those that only the dbt models read; `engine` is what builds them.
    """

    warehouse: Path
    marts: Path
    dbt_project: Path
    run_at: datetime | None = None
    publish_pii: bool = False
    private_marts: Path | None = None
    audiences: Path | None = None
    # Secrets are not shown where settings are: in a traceback, for instance.
    identity_salt: str = field(default="", repr=False)
    data_docs_url: str = ""
    alerts_webhook_url: str = field(default="", repr=False)
    stale_after_hours: int = DEFAULT_STALE_AFTER_HOURS
    memory_limit: str = MEMORY_LIMIT
    of_models: tuple[str, ...] = ()
    engine: str = DUCKDB

    @property
    def data_docs(self) -> Path:
        """The root of Data Docs, a folder for each run in it."""
        return self.warehouse.with_name("data_docs")

    @property
    def dbt_target(self) -> Path:
        """Where dbt puts what a run leaves behind."""
        return self.warehouse.with_name("dbt_target")

    @property
    def plans(self) -> Path:
        """Where the compiled models of the last whole build are, of which slices are made."""
        return self.warehouse.with_name("dbt_plan")

    @property
    def freshness(self) -> dg.FreshnessPolicy:
        """How old a mart may grow before it is stale: the UI warns of it after 26 of the default 36 hours."""
        stale = timedelta(hours=self.stale_after_hours)
        return dg.FreshnessPolicy.time_window(fail_window=stale, warn_window=stale * 26 / 36)

    def hashing_key(self) -> str:
        """Return `IDENTITY_SALT`, else a key of this installation's own, kept next to the warehouse."""
        return self.identity_salt or read_or_make_key(self.warehouse.with_name(".identity_salt"))


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; raises SettingsError. Relative paths are relative to the current folder."""
    warehouse, marts = _places(environment)
    try:
        readers_of(environment)
    except ValueError as error:
        raise SettingsError(str(error)) from None
    return Settings(
        warehouse=warehouse,
        marts=marts,
        dbt_project=_path(environment, "DBT_PROJECT_DIR", "dbt_project"),
        run_at=_moment(environment, "RUN_AT"),
        publish_pii=_flag(environment, "PUBLISH_PII"),
        private_marts=_private_place(environment, warehouse, marts),
        audiences=_path(environment, "AUDIENCES_DIR", "")
        if environment.get("AUDIENCES_DIR", "").strip()
        else None,
        identity_salt=environment.get("IDENTITY_SALT", ""),
        data_docs_url=environment.get("DATA_DOCS_URL", ""),
        alerts_webhook_url=_web_address(environment, "ALERTS_WEBHOOK_URL"),
        stale_after_hours=_hours(environment, "MARTS_STALE_AFTER_HOURS", DEFAULT_STALE_AFTER_HOURS),
        memory_limit=_memory(environment, "WAREHOUSE_MEMORY", MEMORY_LIMIT),
        of_models=tuple(_word(environment, name, like) for name, like in _READ_BY_MODELS.items()),
        engine=_engine(environment),
    )


def _places(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Return where the warehouse is and where the marts are, two files: publishing replaces the second."""
    warehouse = _path(environment, "WAREHOUSE_PATH", "data/warehouse.duckdb")
    marts = _path(environment, "MARTS_PATH", "data/marts.duckdb")
    if is_same_file(warehouse, marts):
        raise SettingsError(
            f"MARTS_PATH leads to {marts}, which is the warehouse (WAREHOUSE_PATH), but must be a file of its own."
        )
    _check_writable("WAREHOUSE_PATH", warehouse)
    _check_writable("MARTS_PATH", marts)
    return warehouse, marts


def _private_place(environment: Mapping[str, str], warehouse: Path, marts: Path) -> Path | None:
    """Return where names and contacts are published, if anywhere: a file of its own."""
    if not environment.get(PRIVATE, "").strip():
        return None
    private = _path(environment, PRIVATE, "")
    for other, name in ((warehouse, "the warehouse"), (marts, "the published marts")):
        if is_same_file(private, other):
            raise SettingsError(
                f"{PRIVATE} leads to {private}, which is {name}, but must be a file of its own."
            )
    _check_writable(PRIVATE, private)
    return private


def _check_writable(name: str, place: Path) -> None:
    """Raise SettingsError if neither a file can be created at a location nor the folders that lead to it."""
    folder = next(above for above in place.parents if os.access(above, os.F_OK))
    if not (folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)):
        raise SettingsError(f"{name} leads to {place}, but nothing can be written in {folder}.")


def _path(environment: Mapping[str, str], name: str, default: str) -> Path:
    return Path(environment.get(name) or default).absolute()


def _flag(environment: Mapping[str, str], name: str) -> bool:
    value = environment.get(name, "").strip().lower()
    if value not in YES_OR_NO:
        raise SettingsError(f"{name} is {value!r}, but must be true or false.")
    return YES_OR_NO[value]


def _web_address(environment: Mapping[str, str], name: str) -> str:
    """Return an address that may be a secret, so no message has it."""
    address = environment.get(name, "").strip()
    if address and not address.startswith(("http://", "https://")):
        raise SettingsError(f"{name} must begin with https:// (or http://).")
    return address


def _hours(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    # Of no more digits than the longest: of thousands Python makes no number.
    if not text.isdecimal() or len(text) > len(str(_HOURS[-1])) or int(text) not in _HOURS:
        wanted = f"a whole number of hours, 1 to {_HOURS[-1]:,}"
        raise SettingsError(f"{name} is {text!r}, but must be {wanted}.")
    return int(text)


def _word(environment: Mapping[str, str], name: str, like: tuple[re.Pattern[str], str]) -> str:
    text, (pattern, example) = environment.get(name, ""), like
    if text and not pattern.fullmatch(text):
        raise SettingsError(f"{name} is {text!r}, but must be {example}.")
    return text


def _engine(environment: Mapping[str, str]) -> str:
    engine = _word(environment, "DBT_ENGINE", (re.compile(f"{DUCKDB}|{SPARK}"), f"{DUCKDB} or {SPARK}"))
    if engine == SPARK and not SPARK_PYTHON.exists():
        raise SettingsError("DBT_ENGINE is 'spark', which is not installed: run make spark-setup.")
    return engine or DUCKDB


def _memory(environment: Mapping[str, str], name: str, default: str) -> str:
    text = environment.get(name, "").strip() or default
    if not _MEMORY.fullmatch(text):
        raise SettingsError(f"{name} is {text!r}, but must be a number and a unit as in 500MB or 4GB.")
    return text


def _moment(environment: Mapping[str, str], name: str) -> datetime | None:
    text = environment.get(name, "").strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name} is {text!r}, but must be a time as in 2026-04-30T12:00:00Z.") from None
    if moment.tzinfo is None:
        raise SettingsError(f"{name} is {text!r}, which has no offset: add Z or +hh:mm.")
    return moment.astimezone(UTC)


def run_clock(instance: dg.DagsterInstance, run_id: str, settings: Settings) -> datetime:
    """Return the clock of a run, in UTC."""
    if settings.run_at is not None:
        return settings.run_at
    record = instance.get_run_record_by_id(run_id)
    return (record.create_timestamp if record else datetime.now(UTC)).astimezone(UTC)


@contextmanager
def environment_of_run(run_at: datetime, settings: Settings, **more: str) -> Iterator[None]:
    """Set what ingestion and dbt read from the environment, then put it back.

    The clock, the warehouse, the process that dbt is to end with, and the dbt installed with this Python before any
    other; and ``more``.
    """
    changes = {
        "RUN_AT": run_at.isoformat(),
        "WAREHOUSE_PATH": str(settings.warehouse),
        STARTED_BY: str(os.getpid()),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
        **({"PYTHONPATH": str(_ROOT)} if settings.engine == SPARK else {}),
        **more,
    }
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def protect(settings: Settings, home: Path) -> None:
    """Create files for their owner alone from now on, and close those that are open; publishing opens its own."""
    keep_files_private()
    make_private([home, *_written(settings)])


def _written(settings: Settings) -> Iterator[Path]:
    folder = settings.warehouse.parent
    shelf = Shelf(settings.marts)
    published = {shelf.marts, shelf.parquet_link, shelf.folder, *shelf.dictionaries.values()}
    if folder == _DEFAULT_DATA and folder.is_dir():
        # The folder is the project's own. A folder of another name may be anything, `/tmp` for one.
        if readers_of(os.environ) is None or settings.marts.parent != folder:
            yield folder
        yield from (path for path in folder.iterdir() if path not in published)
        return
    yield from (settings.warehouse, settings.data_docs, settings.dbt_target)
    if folder.is_dir():
        yield from folder.glob(f"{settings.warehouse.name}.*")
        yield from folder.glob("refresh*.log")
