"""The same records in one go and in pieces give the same marts: loading, slices and publishing together.

`make test` asks for both halves of it apart: `test_order.py` of ingestion, that pieces in any order load the same rows,
and `test_any_history.py`, that whatever rows come in whatever order, the marts are those of a full build.
"""

import os
from pathlib import Path

import pytest

from tests.deliveries.equality import differences
from tests.deliveries.retailer import Retailer
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import Place

# `make fuzz` asks for more.
SPLITS = int(os.environ.get("FUZZ_CASES") or 40) // 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 2 + SPLITS))
def test_any_pieces_make_what_one_makes(
    retailer: Retailer, dbt: DbtProject, models: CompiledModels, in_one_go: Place, tmp_path: Path, seed: int
) -> None:
    in_pieces = Place(tmp_path / "in_pieces")
    retailer.deliver(in_pieces, dbt, models, pieces=2 + (seed - 1) % 4, seed=seed)
    assert differences(in_pieces.warehouse, in_one_go.warehouse) == {}
