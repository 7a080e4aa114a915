"""Events as our storage keeps them, read by Dagster's own, and the other way round."""

from pathlib import Path

import dagster as dg
import pytest

# Dagster's own storage, which must read what ours writes; it is not exported.
from dagster._core.storage.event_log import SqliteEventLogStorage

from orchestration.event_log import OpenSqliteEventLogStorage

INSTANCE = Path(__file__).resolve().parents[2] / "orchestration" / "instance" / "dagster.yaml"


@dg.asset(check_specs=[dg.AssetCheckSpec("is_whole", asset="sales")])
def sales():  # type: ignore[no-untyped-def]  # Dagster takes an annotation for the outputs' types
    check = dg.AssetCheckResult(passed=True, check_name="is_whole")
    return dg.MaterializeResult(metadata={"rows": 7}, check_results=[check])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "dagster.yaml").write_bytes(INSTANCE.read_bytes())
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    return tmp_path


def materialised(instance: dg.DagsterInstance) -> str:
    run = dg.materialize([sales], instance=instance)
    assert run.success
    return run.run_id


def test_dagsters_own_storage_reads_every_event_while_a_run_is_recorded_and_after(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        ours = instance.event_log_storage
        assert isinstance(ours, OpenSqliteEventLogStorage)
        runs = [materialised(instance) for _ in range(2)]
        theirs = SqliteEventLogStorage(str(home / "history" / "runs"))
        before = [theirs.get_logs_for_run(run) for run in runs]
        assert before == [ours.get_logs_for_run(run) for run in runs]
        assert all(len(events) > 5 for events in before)
    assert [theirs.get_logs_for_run(run) for run in runs] == before
    newest = theirs.get_latest_materialization_events([sales.key])[sales.key]
    assert newest is not None
    assert newest.run_id == runs[-1]


def test_what_dagsters_own_storage_wrote_is_gone_on_with(home: Path) -> None:
    (home / "dagster.yaml").unlink()
    with dg.DagsterInstance.get() as instance:
        assert not isinstance(instance.event_log_storage, OpenSqliteEventLogStorage)
        first = materialised(instance)
    (home / "dagster.yaml").write_bytes(INSTANCE.read_bytes())
    with dg.DagsterInstance.get() as instance:
        second = materialised(instance)
        found = instance.get_records_for_run(first).records
        assert len(found) == len(instance.get_records_for_run(second).records)


def test_more_runs_than_stay_open(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.event_log._MOST_OPEN", 2)
    with dg.DagsterInstance.get() as instance:
        runs = [materialised(instance) for _ in range(3)]
        assert len({len(instance.get_records_for_run(run).records) for run in runs}) == 1
        instance.event_log_storage.wipe()
        assert instance.get_records_for_run(runs[0]).records == []
        materialised(instance)


def test_events_that_are_stored_together_are_stored_all_or_none(home: Path) -> None:
    with dg.DagsterInstance.get() as instance:
        ours = instance.event_log_storage
        run = materialised(instance)
        before = [record.event_log_entry for record in instance.get_records_for_run(run).records]
        steps = [
            event for event in before if event.is_dagster_event and event.get_dagster_event().is_step_event
        ]
        with pytest.raises(dg.DagsterInvariantViolationError, match="duplicate AssetCheckPlanned"):
            # The evaluation of a check that was planned twice.
            ours.store_event_batch(before)
        assert len(instance.get_records_for_run(run).records) == len(before)
        ours.store_event_batch(steps)
        assert len(instance.get_records_for_run(run).records) == len(before) + len(steps)
