"""What Spark builds from a retailer's raw tables is, row by row, what DuckDB builds."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from publishing import Publication, publish
from simulator.plan import Plan
from simulator.write import write
from spark.collect import collect
from spark.compare import compare
from tests.deliveries.retailer import NOW, Retailer
from tests.laws.repository import ROOT
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import SALT, Place
from tests.spark.environment import FEW_ROWS, PYTHON, needs_spark

pytestmark = needs_spark
PEOPLE = 36
ALL_THE_SAME = "tables of seeds, staging, intermediate, marts are the same on both engines"
MODELS_ALONE = ["--exclude-resource-type=test", "--exclude-resource-type=unit_test"]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, dbt: DbtProject, models: CompiledModels) -> Path:
    folder = tmp_path_factory.mktemp("retailer")
    write(Plan(people=PEOPLE), folder / "records")
    place = Place(folder / "place")
    with pytest.MonkeyPatch.context() as patch:
        # Slices do not need staging; the comparison does.
        patch.setattr("tests.pipeline_run.compiled_models.drop_what_is_not_kept", lambda *_: None)
        Retailer(folder / "records").deliver(place, dbt, models, pieces=1, seed=0)
    return place.warehouse


@pytest.fixture(scope="module")
def on_a_cluster(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Everything built and tested by a master and two workers: the folder, and what the trial printed."""
    folder = tmp_path_factory.mktemp("cluster")
    return folder, built_on_spark(warehouse, folder, "--workers=2")


def built_on_spark(warehouse: Path, folder: Path, *options: str) -> str:
    """Build on Spark and compare; returns what the trial printed."""
    done = trial(warehouse, folder, *options)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
    return done.stdout


def trial(warehouse: Path, folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Build on Spark and compare; returns how it ended."""
    settings = {
        "WAREHOUSE_PATH": str(warehouse),
        "RUN_AT": NOW,
        "REPORTING_CURRENCY": "USD",
        "IDENTITY_SALT": SALT,
        "SPARK_FOLDER": str(folder),
        "SPARK_MASTER": "local[2]",
    }
    return subprocess.run(
        [PYTHON, "-m", "spark.trial", *options],
        cwd=ROOT,
        env={**os.environ, **FEW_ROWS, **settings},
        capture_output=True,
        text=True,
        timeout=7200,
        check=False,
    )


def test_from_staging_to_journeys_both_engines_build_the_same(warehouse: Path, tmp_path: Path) -> None:
    said = built_on_spark(warehouse, tmp_path, "--", "--select=+fct_journeys", *MODELS_ALONE)
    assert ALL_THE_SAME in said


@pytest.mark.slow
def test_a_cluster_builds_and_tests_everything_and_all_is_the_same(on_a_cluster: tuple[Path, str]) -> None:
    _, said = on_a_cluster
    assert ALL_THE_SAME in said


@pytest.mark.slow
def test_what_spark_built_is_published_as_what_duckdb_built(
    warehouse: Path, on_a_cluster: tuple[Path, str], tmp_path: Path
) -> None:
    folder, _ = on_a_cluster
    manifest, collected = folder / "target" / "manifest.json", tmp_path / "collected.duckdb"
    shutil.copyfile(warehouse, collected)
    collect(folder / "warehouse", manifest, collected)
    ours, theirs = (
        published(from_, manifest, tmp_path / name)
        for from_, name in ((warehouse, "ours"), (collected, "theirs"))
    )
    assert theirs.row_counts == ours.row_counts
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{ours.marts}' as warehouse (read_only)")
        connection.execute(f"attach '{theirs.marts}' as spark (read_only)")
        compared = [compare(connection, f"main.{mart}", f"spark.main.{mart}") for mart in ours.row_counts]
    assert [str(one) for one in compared if not one.is_same] == []


def published(warehouse: Path, manifest: Path, folder: Path) -> Publication:
    """Publish a warehouse's marts, personal data masked."""
    folder.mkdir()
    return publish(
        warehouse=warehouse,
        marts=folder / "marts.duckdb",
        manifest=manifest,
        run_at=datetime.fromisoformat(NOW),
        sources={},
        key=SALT,
    )


@pytest.mark.slow
def test_after_a_worker_is_killed_the_run_or_the_next_one_ends_the_same(
    warehouse: Path, tmp_path: Path
) -> None:
    models = ("--", "--select=+fct_journeys", *MODELS_ALONE)
    done = trial(
        warehouse, tmp_path, "--workers=2", "--kill-worker-at=int_identity__record_customers", *models
    )
    assert "A worker was killed." in done.stdout
    said = done.stdout if done.returncode == 0 else built_on_spark(warehouse, tmp_path, *models)
    assert ALL_THE_SAME in said


class Remembered(CompiledModels):
    """Models whose first build leaves a copy of its warehouse."""

    def __init__(self, models: CompiledModels, copy: Path) -> None:
        super().__init__(models.plan)
        self.copy = copy

    def run(self, warehouse: Path, *, run_at: datetime, currency: str = "USD", fitted: bool = True) -> None:
        """Build every model; the first time, copy the warehouse."""
        super().run(warehouse, run_at=run_at, currency=currency, fitted=fitted)
        if not self.copy.exists():
            shutil.copyfile(warehouse, self.copy)


@pytest.mark.slow
def test_after_a_second_delivery_both_engines_have_the_same_marts(
    tmp_path: Path, dbt: DbtProject, models: CompiledModels
) -> None:
    write(Plan(people=PEOPLE), tmp_path / "records")
    place, first = Place(tmp_path / "place"), tmp_path / "first.duckdb"
    remembered = Remembered(models, first)
    Retailer(tmp_path / "records").deliver(place, dbt, remembered, pieces=2, seed=1)
    for warehouse in (first, place.warehouse):
        built_on_spark(warehouse, tmp_path / "spark", "--layers", "marts", "--", *MODELS_ALONE)
