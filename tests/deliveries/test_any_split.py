"""The same records in one go and in pieces give the same marts, and an update is what a full refresh makes.

`make test` asks for both halves of it apart: `test_order.py` of ingestion, that pieces in any order load the same rows,
and `test_any_history.py`, that whatever rows come in whatever order, the marts are those of a full refresh.
"""

import os
import shutil
from pathlib import Path

import pytest

from stewardship.verify import compare
from tests.deliveries.equality import differences, tables_not_as_remembered
from tests.deliveries.retailer import NOW, Retailer
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import Place, environment

# `make fuzz` asks for more.
SPLITS = int(os.environ.get("FUZZ_CASES") or 40) // 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 2 + SPLITS))
def test_any_pieces_tell_what_one_tells_and_what_a_full_refresh_makes(
    retailer: Retailer, dbt: DbtProject, in_one_go: Place, tmp_path: Path, seed: int
) -> None:
    in_pieces = Place(tmp_path / "in_pieces")
    retailer.deliver(in_pieces, dbt, pieces=2 + (seed - 1) % 4, seed=seed)
    assert differences(in_pieces.warehouse, in_one_go.warehouse) == {}
    assert tables_not_as_remembered(in_pieces.warehouse) == []

    refreshed = tmp_path / "refreshed" / in_pieces.warehouse.name
    refreshed.parent.mkdir()
    shutil.copyfile(in_pieces.warehouse, refreshed)
    with environment({"WAREHOUSE_PATH": str(refreshed), "RUN_AT": NOW}):
        dbt.build(tests=False, full_refresh=True)
    assert compare(in_pieces.warehouse, refreshed).differences == ()
