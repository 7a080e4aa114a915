"""The family's warehouse, built and published once; each test erases in a copy of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from ingestion.sources import SOURCES, load
from rights.forgetting import Build
from rights.places import Places, read_places
from simulator.support_api import SupportApi
from simulator.support_data import support_data
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline
from tests.rights.family import NOW, Member, family
from tests.scenarios.raw_inputs import write_delivery


@dataclass(frozen=True)
class Home:
    """A folder with the family's inputs, warehouse and publication, and how its models are built."""

    place: Place
    places: Places
    build: Build
    support_url: str

    def load(self) -> None:
        """Load all sources."""
        for source in SOURCES:
            load(source)


@pytest.fixture(scope="session")
def desk() -> Iterator[str]:
    """The family's service desk."""
    with SupportApi(support_data(family().support), email=API_EMAIL, token=API_TOKEN) as api:
        yield api.base_url


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, dbt: DbtProject, models: CompiledModels, desk: str
) -> Path:
    """A folder in which the family is loaded, built and published."""
    place = Place(tmp_path_factory.mktemp("family") / "data")
    place.inputs.mkdir(parents=True)
    write_delivery(family(), 0, place.inputs)
    with environment(place.settings(now=NOW, support_url=desk)):
        run_pipeline(place, dbt, checked=False, tested=False, models=models)
    named = " and ".join(Member(number).email for number in (0, 5))
    (place.folder / "refresh.log").write_text(f"a check named {named}\n")
    return place.folder


@pytest.fixture
def home(tmp_path: Path, built: Path, dbt: DbtProject, models: CompiledModels, desk: str) -> Iterator[Home]:
    """The family's folder, for this test alone, with the settings that lead to it."""
    with at_home(tmp_path, built, building(dbt, models), desk) as home:
        yield home


@contextmanager
def at_home(aside: Path, built: Path, build: Build, desk: str) -> Iterator[Home]:
    """Lend the family's folder, and put it back as it was; what is needed meanwhile is in ``aside``."""
    # The ledger has the paths of files, so a copy elsewhere would not do.
    original = aside / "original"
    shutil.copytree(built, original, symlinks=True)
    place = Place(built)
    project = aside / "dbt_project"
    project.mkdir()
    settings = place.settings(now=NOW, support_url=desk)
    settings |= {"DAGSTER_HOME": str(aside / "dagster"), "DBT_PROJECT_DIR": str(project)}
    try:
        with environment(settings):
            yield Home(place, read_places(), build, desk)
    finally:
        shutil.rmtree(built)
        shutil.copytree(original, built, symlinks=True)


def building(dbt: DbtProject, models: CompiledModels) -> Build:
    """Build a warehouse that has raw tables and the registry of ids with the compiled models."""

    def build(places: Places, new: Path, run_at: str) -> Path:
        seeded = dbt.folder / "seeded" / "warehouse.duckdb"
        with closing(duckdb.connect(str(new))) as connection:
            connection.execute(f"attach '{seeded}' as seeded (read_only)")
            connection.execute("create schema seeds")
            tables = connection.execute(
                "select table_name from duckdb_tables() where database_name = 'seeded' and schema_name = 'seeds'"
            ).fetchall()
            for (table,) in tables:
                connection.execute(f"create table seeds.{table} as from seeded.seeds.{table}")
        models.run(new, run_at=datetime.fromisoformat(run_at), currency=os.environ["REPORTING_CURRENCY"])
        return dbt.manifest_file

    return build
