"""A build on the lake gives the marts of a build on the warehouse that wrote it."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from ingestion.lake import read_lake, write_lake
from tests.deliveries.equality import differences
from tests.deliveries.retailer import NOW
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import Place


@pytest.mark.slow
def test_the_lake_makes_what_the_warehouse_makes(
    dbt: DbtProject, models: CompiledModels, in_one_go: Place, tmp_path: Path
) -> None:
    lake, of_lake = tmp_path / "lake", tmp_path / "of_lake.duckdb"
    write_lake(in_one_go.warehouse, str(lake))
    shutil.copyfile(dbt.folder / "seeded" / "warehouse.duckdb", of_lake)
    read_lake(str(lake), of_lake)
    models.run(of_lake, run_at=datetime.fromisoformat(NOW))
    assert differences(of_lake, in_one_go.warehouse) == {}
