"""One setting has a refresh build the models on Spark: loading, checks and publishing stay as they are."""

from pathlib import Path

import pytest

from orchestration import settings
from orchestration.settings import SettingsError, read_settings
from tests.orchestration.conftest import Place, message, refresh_by_hand
from tests.spark.environment import FEW_ROWS, needs_spark

SPARK_TARGET = """
    spark: {type: spark, method: session, host: localhost, schema: main, threads: 1}
"""


def test_an_engine_that_there_is_not_is_refused() -> None:
    with pytest.raises(SettingsError, match="DBT_ENGINE is 'flink', but must be duckdb or spark"):
        read_settings({"DBT_ENGINE": "flink"})


def test_spark_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SPARK_PYTHON", Path("/none"))
    with pytest.raises(SettingsError, match="run make spark-setup"):
        read_settings({"DBT_ENGINE": "spark"})


@needs_spark
@pytest.mark.slow
def test_what_spark_builds_is_checked_and_published(place: Place) -> None:
    project = place.folder / "dbt_project"
    profiles = project / "profiles.yml"
    profiles.write_text(profiles.read_text() + SPARK_TARGET)
    for file in (*project.rglob("*.sql"), *project.rglob("*.yml")):
        text = file.read_text().replace("timestamptz", "timestamp").replace("varchar", "string")
        file.write_text(
            text.replace("+materialized: table", "+materialized: table\n      +file_format: parquet")
        )
    place.land("a.jsonl", message("m1", "web", "digital"), message("m2", "store", "physical"))
    done = refresh_by_hand(
        place,
        **FEW_ROWS,
        DBT_ENGINE="spark",
        SPARK_FOLDER=str(place.folder / "spark"),
        SPARK_MASTER="local[1]",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (place.folder / "spark" / "warehouse" / "marts.db" / "dim_channels").is_dir()
    published = place.rows("select channel, is_online from marts.dim_channels order by all", published=True)
    assert published == [("store", False), ("web", True)]
