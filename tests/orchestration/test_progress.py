"""The lines of a run under way, of events as Dagster has them."""

import io
import uuid

import dagster as dg
import pytest

from orchestration.refresh import Progress


def test_tables_are_counted_as_people_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.refresh._SECONDS_BETWEEN_NEWS", -1.0)
    console = io.StringIO()

    @dg.multi_asset(name="dbt_build", specs=[dg.AssetSpec("one"), dg.AssetSpec("two")])
    def built() -> object:
        yield dg.MaterializeResult("one")
        yield dg.MaterializeResult("two")

    run_id = str(uuid.uuid4())
    job = dg.Definitions(assets=[built], jobs=[dg.define_asset_job("both")]).resolve_job_def("both")
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_event_listener(run_id, Progress(console))
        assert job.execute_in_process(instance=instance, run_id=run_id).success
    said = [line.split() for line in console.getvalue().splitlines()]
    assert said[:2] == [["dbt_build", "1", "table", "so", "far"], ["dbt_build", "2", "tables", "so", "far"]]
