"""Dagster's daemon, as `make ui` runs it: a refresh that it launches fails, and its sensor reports it, once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.orchestration.conftest import ROOT, Place, message
from tests.orchestration.webhook_server import SECRET, Webhook

BESIDE = Path(sys.executable).parent
PATIENCE_SECONDS = 600
SENSOR_TICKS_SECONDS = 75


@pytest.fixture
def environment(place: Place, webhook: Webhook) -> dict[str, str]:
    path = f"{BESIDE}:{os.environ['PATH']}"
    # The daemon's runs begin in the project's folder, where a demo may have left its data.
    elsewhere = {"SOURCES__STORE__CREDENTIALS": f"sqlite:///{place.folder / 'no_store.db'}"}
    for source in ("app", "marketing"):
        (place.folder / source).mkdir()
        elsewhere[f"SOURCES__{source.upper()}__BUCKET_URL"] = str(place.folder / source)
    return {
        **os.environ,
        **place.environment,
        **elsewhere,
        "PATH": path,
        "ALERTS_WEBHOOK_URL": webhook.address,
    }


@pytest.fixture
def daemon_log(place: Place, environment: dict[str, str]) -> Iterator[Path]:
    """A running daemon; what it says is in the file."""
    log = place.folder / "daemon.log"
    command = [str(BESIDE / "dagster-daemon"), "run", "-w", str(ROOT / "workspace.yaml")]
    with log.open("w") as output:
        daemon = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    yield log
    daemon.terminate()
    daemon.wait(timeout=60)


@pytest.mark.slow
def test_the_daemon_tells_of_a_refresh_that_failed(
    place: Place, environment: dict[str, str], daemon_log: Path, webhook: Webhook
) -> None:
    place.land("odd_group.jsonl", message("m1", "fax", "physical"))
    _wait_until(lambda: "SensorDaemon" in daemon_log.read_text(), daemon_log)
    launch = [str(BESIDE / "dagster"), "job", "launch", "-w", str(ROOT / "workspace.yaml"), "-j", "refresh"]
    subprocess.run(launch, cwd=ROOT, env=environment, check=True, capture_output=True)
    _wait_until(lambda: bool(webhook.texts), daemon_log)
    time.sleep(SENSOR_TICKS_SECONDS)
    [text] = webhook.texts
    assert "of refresh failed." in text
    assert "check expectations of marts/dim_channels" in text
    assert SECRET not in daemon_log.read_text()


def _wait_until(happened: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(1)
