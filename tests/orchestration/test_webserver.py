"""The real Dagster webserver, as `make ui` starts it, answering for the real project."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from orchestration.refresh import REPOSITORY
from tests.orchestration.conftest import ROOT

QUERY = """
{
  assetNodes { assetKey { path } groupName isExecutable owners { ... on TeamAssetOwner { team } } }
  workspaceOrError {
    ... on Workspace {
      locationEntries { name locationOrLoadError { __typename ... on PythonError { message } } }
    }
  }
  repositoriesOrError {
    ... on RepositoryConnection {
      nodes { name location { name } jobs { name } schedules { name } sensors { name } }
    }
  }
}
"""
PATIENCE_SECONDS = 240


@pytest.fixture(scope="module")
def graphql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running webserver's GraphQL."""
    home = tmp_path_factory.mktemp("instance")
    (home / "dagster.yaml").write_text((ROOT / "orchestration" / "instance" / "dagster.yaml").read_text())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    beside = Path(sys.executable).parent
    command = [str(beside / "dagster-webserver"), "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "PATH": f"{beside}:{os.environ['PATH']}",
        "WAREHOUSE_PATH": str(home / "warehouse.duckdb"),
        "MARTS_PATH": str(home / "marts.duckdb"),
    }
    log = home / "webserver.log"
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}/graphql"
        _wait_for(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text()
        try:
            requests.post(address, json={"query": "{ version }"}, timeout=5).raise_for_status()
            return
        except requests.RequestException:
            time.sleep(1)
    raise AssertionError(f"the webserver did not answer in {PATIENCE_SECONDS} s:\n{log.read_text()}")


def test_the_webserver_answers_with_the_whole_graph(graphql: str) -> None:
    answer: dict[str, Any] = requests.post(graphql, json={"query": QUERY}, timeout=PATIENCE_SECONDS).json()
    data = answer["data"]
    [location] = data["workspaceOrError"]["locationEntries"]
    assert location["name"] == "throughline"
    assert location["locationOrLoadError"]["__typename"] == "RepositoryLocation", location
    nodes = {"/".join(node["assetKey"]["path"]): node for node in data["assetNodes"]}
    for key in ("raw/web_events", "raw/load_ledger", "marts/fct_journeys", "published/marts"):
        assert nodes[key]["isExecutable"], key
    assert {node["groupName"] for node in nodes.values()} == {
        "raw",
        "seeds",
        "staging",
        "intermediate",
        "marts",
        "published",
    }
    [repository] = data["repositoriesOrError"]["nodes"]
    # Runs by hand have it as a tag: the UI lists the runs of a job by it.
    assert f"{repository['name']}@{repository['location']['name']}" == REPOSITORY
    assert "refresh" in {job["name"] for job in repository["jobs"]}
    assert {each["name"] for each in repository["schedules"]} == {"refresh_daily", "refresh_hourly"}
    assert "new_landing_files" in {each["name"] for each in repository["sensors"]}
