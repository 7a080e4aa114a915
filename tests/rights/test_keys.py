"""Another key of hashes: every hash is another, every customer keeps the id."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from publishing import publish
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.rights.conftest import Home


def published(marts: Path) -> dict[str, tuple[str, ...]]:
    with closing(duckdb.connect(str(marts), read_only=True)) as connection:
        rows = connection.execute(
            "select customer_id, email, phone from dim_customers where email is not null"
        ).fetchall()
    return {customer: tuple(hashes) for customer, *hashes in rows}


def test_with_another_key_hashes_change_and_ids_stay(
    home: Home, dbt: DbtProject, models: CompiledModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = published(home.places.marts)
    assert len(before) == 10
    monkeypatch.setenv("IDENTITY_SALT", "another key")
    models.run(home.places.warehouse, run_at=datetime(2026, 6, 11, tzinfo=UTC))
    again = publish(
        warehouse=home.places.warehouse,
        marts=home.places.marts,
        manifest=dbt.manifest_file,
        run_at=datetime(2026, 6, 11, tzinfo=UTC),
        sources={},
        key="another key",
    )
    after = published(home.places.marts)
    assert again.status == "published"
    assert after.keys() == before.keys()
    assert all(set(after[customer]).isdisjoint(before[customer]) for customer in before)
