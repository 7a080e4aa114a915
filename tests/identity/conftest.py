"""Warehouses to solve identities in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.identity.people import IdentityWarehouse
from tests.pipeline_run.dbt_in_process import DbtProject


@pytest.fixture(scope="package")
def new_warehouse(
    tmp_path_factory: pytest.TempPathFactory, dbt: DbtProject
) -> Callable[[], IdentityWarehouse]:
    """Make an empty warehouse of its own."""

    def make() -> IdentityWarehouse:
        folder: Path = tmp_path_factory.mktemp("identity")
        return IdentityWarehouse(folder / "warehouse.duckdb", dbt)

    return make
