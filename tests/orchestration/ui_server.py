"""Dagster's UI as `make ui` starts it, with its daemon and code server, and what a browser asks it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.orchestration.conftest import ROOT

PATIENCE_SECONDS = 600
LAUNCH = """
mutation Launch($jobName: String!) {
  launchRun(executionParams: {
    runConfigData: {}
    selector: {repositoryLocationName: "throughline", repositoryName: "__repository__", jobName: $jobName}
  }) { __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } }
}
"""
STATUS = "query Status($id: ID!) { runOrError(runId: $id) { __typename ... on Run { status } } }"


@dataclass(frozen=True)
class Ui:
    """A UI that runs."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Return the data that GraphQL answers."""
        body = {"query": query, "variables": variables}
        answer = requests.post(f"{self.address}/graphql", json=body, timeout=PATIENCE_SECONDS).json()
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    def launch(self, job: str = "refresh") -> str:
        """Launch a job and return the id of its run."""
        launched = self.ask(LAUNCH, jobName=job)["launchRun"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        return str(launched["run"]["runId"])

    def status(self, run_id: str) -> str:
        """Return a run's status."""
        return str(self.ask(STATUS, id=run_id)["runOrError"]["status"])

    def kill(self) -> None:
        """Kill the UI and all that it started, as a power cut does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def ui_server(environment: Mapping[str, str], log: Path) -> Iterator[Ui]:
    """Start the UI and wait until it answers; whatever is left of it is killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "orchestration.ui", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    ui = Ui(process, f"http://127.0.0.1:{port}", log)
    try:
        wait_until(lambda: _answers(ui), log)
        yield ui
    finally:
        ui.kill()


def _answers(ui: Ui) -> bool:
    assert ui.process.poll() is None, ui.log.read_text()
    try:
        return bool(ui.ask("{ version }"))
    except requests.RequestException:
        return False


def wait_until(happened: Callable[[], bool], log: Path, seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something to happen; what the log says is shown if it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
