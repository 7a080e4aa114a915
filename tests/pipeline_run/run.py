"""One run over the inputs of a folder: ingestion, raw checks, dbt, mart checks, publishing."""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

import duckdb

from expectations import suites_of, validate_each
from ingestion.load.ledger import LoadReport
from ingestion.sources import SOURCES, load
from publishing import publish
from publishing.catalog import Mart, read_catalog
from publishing.plan import plan_tables
from publishing.writer import connect_to_new
from slices.plan import Plan
from slices.warehouse import create_histories
from tests.pipeline_run.compiled_models import COMPILED_AT, COMPILED_CURRENCY, CompiledModels
from tests.pipeline_run.dbt_in_process import PROJECT, DbtProject

API_EMAIL = "tester@throughline.example"
API_TOKEN = "only-for-tests"
SALT = "only-for-tests"


@dataclass(frozen=True)
class Place:
    """The folder of one pipeline: inputs, warehouse and published files."""

    folder: Path

    @property
    def inputs(self) -> Path:
        """Where landing files and the store's database are."""
        return self.folder / "inputs"

    @property
    def warehouse(self) -> Path:
        """The working warehouse."""
        return self.folder / "warehouse.duckdb"

    @property
    def marts(self) -> Path:
        """The published marts."""
        return self.folder / "published" / "marts.duckdb"

    def settings(self, *, now: str, support_url: str, currency: str = "USD") -> dict[str, str]:
        """Write the settings as an operator would, in the environment."""
        return {
            "SOURCES__WEB__BUCKET_URL": str(self.inputs / "web"),
            "SOURCES__APP__BUCKET_URL": str(self.inputs / "app"),
            "SOURCES__MARKETING__BUCKET_URL": str(self.inputs / "marketing"),
            "SOURCES__STORE__CREDENTIALS": f"sqlite:///{self.inputs / 'store.db'}",
            "SOURCES__SUPPORT__BASE_URL": support_url,
            "SOURCES__SUPPORT__EMAIL": API_EMAIL,
            "SOURCES__SUPPORT__API_TOKEN": API_TOKEN,
            "WAREHOUSE_PATH": str(self.warehouse),
            "MARTS_PATH": str(self.marts),
            "RUN_AT": now,
            "REPORTING_CURRENCY": currency,
            "IDENTITY_SALT": SALT,
        }


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables, and restore them at the end."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def run_pipeline(
    place: Place,
    dbt: DbtProject,
    *,
    checked: bool = True,
    tested: bool = True,
    models: CompiledModels | None = None,
    marts: Collection[str] = (),
    published: bool = True,
    sources: Collection[str] = tuple(SOURCES),
) -> list[LoadReport]:
    """Run every step in the present environment; raises at the first that does not succeed.

    ``checked`` asks for the two gates, ``tested`` for dbt's own tests, ``published`` for a publication; ``models``
    builds without dbt, after the first time by slices, or once these ``marts`` alone. Only ``sources`` are loaded.
    """
    is_new = not place.warehouse.exists()
    if not tested and not place.warehouse.exists():
        shutil.copyfile(_seeded(dbt), place.warehouse)
    reports = [load(source) for source in SOURCES if source in sources]
    if checked:
        gate("raw", place.warehouse)
    if models:
        run_at = datetime.fromisoformat(os.environ["RUN_AT"])
        build = partial(models.run_for, marts) if marts else models.run if is_new else models.bring_up
        build(place.warehouse, run_at=run_at, currency=os.environ["REPORTING_CURRENCY"])
    elif tested:
        dbt.build()
    else:
        dbt.run()
    if checked:
        gate("marts", place.warehouse)
    if published:
        publish(
            warehouse=place.warehouse,
            marts=place.marts,
            manifest=dbt.manifest_file,
            run_at=datetime.fromisoformat(os.environ["RUN_AT"]),
            sources={report.source: report.status for report in reports},
            key=SALT,
        )
    return reports


def write_as_published(place: Place, dbt: DbtProject, tables: Collection[str]) -> None:
    """Write these marts as a publication has them, masked; without its version, audit, Parquet and dictionary."""
    catalog = [mart for mart in _catalog(dbt.manifest_file) if mart.name in tables]
    place.marts.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect_to_new(place.marts, place.warehouse)) as connection:
        for plan in plan_tables(connection, catalog, publish_pii=False, key=SALT):
            connection.execute(f"create table {plan.mart.name} as {plan.query}")


@cache
def _catalog(manifest: Path) -> tuple[Mart, ...]:
    return read_catalog(manifest)


def compiled_models(dbt: DbtProject) -> CompiledModels:
    """Compile the project's models, to be run without dbt on warehouses that are new."""
    settings = {
        "WAREHOUSE_PATH": str(_seeded(dbt)),
        "RUN_AT": COMPILED_AT.isoformat(),
        "REPORTING_CURRENCY": COMPILED_CURRENCY,
    }
    with environment(settings):
        return CompiledModels(Plan.of_nodes(dbt.compile(), PROJECT, COMPILED_AT))


def _seeded(dbt: DbtProject) -> Path:
    """Return a warehouse with the seeds, raw tables and registry of ids, the last two empty: it takes seconds."""
    # dbt names relations after the file as it was when the project was parsed.
    seeded = dbt.folder / "seeded" / "warehouse.duckdb"
    if not seeded.exists():
        nothing = seeded.parent / "nothing"
        nothing.mkdir(parents=True)
        with environment({"WAREHOUSE_PATH": str(seeded), "SOURCES__WEB__BUCKET_URL": str(nothing)}):
            dbt.seed()
            load("web")
        with duckdb.connect(str(seeded)) as connection:
            create_histories(connection, "warehouse", PROJECT)
    return seeded


def gate(layer: str, warehouse: Path) -> None:
    """Check every table of a layer; raises RuntimeError if a check that blocks fails."""
    verdicts = validate_each(suites_of(layer), warehouse)
    blocking = [f"{v.table}: {v.summary}" for v in verdicts if v.severity == "critical"]
    if blocking:
        raise RuntimeError(f"the {layer} checks stop the run: " + "\n".join(blocking))
