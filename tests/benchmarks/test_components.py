"""The benchmark of connected components runs, and both sides find the same components."""

from pathlib import Path

import pytest

from benchmarks.components import LABELS, compare_answers, solve, write_links


@pytest.mark.parametrize("shape", ["people", "random"])
def test_scipy_and_dbt_find_the_same_components(tmp_path: Path, shape: str) -> None:
    write_links(tmp_path / "base.duckdb", 500, shape)
    for worker in LABELS:
        solve(worker, tmp_path)
    compare_answers(tmp_path)
