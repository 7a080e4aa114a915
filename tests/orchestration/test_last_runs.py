"""The last runs as the dashboards show them."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from orchestration.report import Check, last_runs


@dg.asset
def orders() -> None:
    """Nothing."""


@dg.asset
def broken() -> None:
    """Fails."""
    raise ValueError("the file is gone")


@dg.asset_check(asset=orders, name="is_complete")
def _check() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=False, severity=dg.AssetCheckSeverity.WARN)


@dg.asset_check(asset=orders, name="is_there")
def _other_check() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    (tmp_path / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.get() as made:
        yield made


def test_runs_come_with_what_their_checks_and_steps_said(instance: dg.DagsterInstance) -> None:
    assert dg.materialize([orders, _check, _other_check], instance=instance).success
    dg.materialize([broken], instance=instance, raise_on_error=False)
    failed, passed = last_runs()
    assert (failed.status, failed.problems) == ("failure", ("broken: the file is gone.",))
    assert (passed.status, passed.problems) == ("success", ())
    assert (passed.checks_passed, passed.checks_not_passed) == (1, (Check("orders", "is_complete", False),))
    assert failed.minutes is not None
    assert 0 <= failed.minutes < 5
    assert last_runs(most=1) == [failed]


def test_there_is_no_run_without_an_instance(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "none"))
    assert last_runs() == []
    monkeypatch.delenv("DAGSTER_HOME")
    assert last_runs() == []
