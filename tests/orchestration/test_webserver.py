"""The real Dagster webserver, as `make ui` starts it, answering for the real project, and only to its own pages."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from orchestration.refresh import REPOSITORY
from tests.orchestration.conftest import ROOT
from tests.orchestration.ui_server import LAUNCH, PATIENCE_SECONDS, ui_server

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
MUTATION = LAUNCH.replace("$jobName: String!", '$jobName: String = "refresh"')


@pytest.fixture(scope="module")
def graphql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the GraphQL of a running UI."""
    home = tmp_path_factory.mktemp("instance")
    (home / "dagster.yaml").write_text((ROOT / "orchestration" / "instance" / "dagster.yaml").read_text())
    environment = {
        "DAGSTER_HOME": str(home),
        "WAREHOUSE_PATH": str(home / "warehouse.duckdb"),
        "MARTS_PATH": str(home / "marts.duckdb"),
    }
    with ui_server(environment, home / "ui.log") as ui:
        yield f"{ui.address}/graphql"


def test_the_webserver_answers_with_the_whole_graph(graphql: str) -> None:
    answer: dict[str, Any] = requests.post(graphql, json={"query": QUERY}, timeout=PATIENCE_SECONDS).json()
    data = answer["data"]
    [location] = data["workspaceOrError"]["locationEntries"]
    assert location["name"] == "throughline"
    assert location["locationOrLoadError"]["__typename"] == "RepositoryLocation", location
    nodes = {"/".join(node["assetKey"]["path"]): node for node in data["assetNodes"]}
    for key in ("raw/web_events", "raw/load_ledger", "marts/fct_journeys", "published/marts"):
        assert nodes[key]["isExecutable"], key
    assert not nodes["exposures/channels"]["isExecutable"]
    groups = {node["groupName"] for node in nodes.values()}
    assert {group for group in groups if not group.startswith("marts_")} == {
        "raw",
        "seeds",
        "staging",
        "intermediate",
        "published",
        "exposures",
    }
    assert {"marts_customers", "marts_journeys", "marts_identity"} <= groups
    [repository] = data["repositoriesOrError"]["nodes"]
    # Runs by hand have it as a tag: the UI lists the runs of a job by it.
    assert f"{repository['name']}@{repository['location']['name']}" == REPOSITORY
    assert "refresh" in {job["name"] for job in repository["jobs"]}
    assert {each["name"] for each in repository["schedules"]} == {"refresh_daily", "refresh_hourly"}
    assert "new_landing_files" in {each["name"] for each in repository["sensors"]}


def test_no_page_of_another_site_launches_a_run(graphql: str) -> None:
    own = f"http://{urlsplit(graphql).netloc}"
    refused = [
        requests.get(graphql, params={"query": MUTATION}, timeout=60),
        requests.get(f"{graphql}/", params={"query": MUTATION}, timeout=60),
        requests.post(graphql, data={"query": MUTATION}, timeout=60),
        requests.post(graphql, data=json.dumps({"query": MUTATION}), timeout=60),
        requests.post(graphql, json={"query": MUTATION}, headers={"Origin": "http://evil.test"}, timeout=60),
        requests.post(graphql, json={"query": MUTATION}, headers={"Origin": "null"}, timeout=60),
        requests.post(graphql, json={"query": MUTATION}, headers={"Host": "evil.test:3000"}, timeout=60),
        requests.get(f"{own}/logs/any", headers={"Host": "evil.test"}, timeout=60),
    ]
    assert [answer.status_code for answer in refused] == [405, 405, 415, 415, 403, 403, 400, 400]
    answer = requests.post(
        graphql,
        json={"query": "{ runsOrError { ... on Runs { results { id } } } }"},
        headers={"Origin": own},
        timeout=PATIENCE_SECONDS,
    ).json()
    assert answer["data"]["runsOrError"]["results"] == []


def test_only_own_pages_follow_runs_over_a_websocket(graphql: str) -> None:
    address = graphql.replace("http:", "ws:")
    protocol = [Subprotocol("graphql-ws")]
    for foreign in ("http://evil.test", "null", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus), connect(address, origin=Origin(foreign), subprotocols=protocol):
            pass
    own = Origin(f"http://{urlsplit(graphql).netloc}")
    with connect(address, origin=own, subprotocols=protocol) as socket:
        socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(socket.recv(timeout=60)) == {"type": "connection_ack"}
