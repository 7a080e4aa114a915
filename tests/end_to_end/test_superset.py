"""Superset over the published marts, if `make superset` has installed it: its charts, its metrics, a swap."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

import metrics
from publishing import Publication, publish
from tests.end_to_end.workplace import REPOSITORY, State

RECIPE = REPOSITORY / "deploy" / "superset"
PYTHON = RECIPE / ".venv" / "bin" / "python"
SECONDS_TO_START = 300
DASHBOARDS = {"throughline-channels": 8, "throughline-customers": 10}

pytestmark = pytest.mark.skipif(
    not (RECIPE / ".venv" / ".installed").exists(),
    reason="Superset's environment (700 MB) is not installed; `make superset` makes it",
)


class Superset:
    """A running server, signed in."""

    def __init__(self, address: str, printed: list[str]) -> None:
        self.address = address
        self.printed = printed
        self._session = requests.Session()

    def sign_in(self, password: str) -> None:
        """Sign in as the administrator."""
        who = {"username": "admin", "password": password, "provider": "db"}
        answer = requests.post(f"{self.address}/api/v1/security/login", json=who, timeout=60)
        assert answer.ok, answer.text
        self._session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        self._session.headers["X-CSRFToken"] = self.ask("GET", "security/csrf_token/").json()["result"]

    def ask(self, method: str, path: str, **body: Any) -> requests.Response:
        """Send a request to the API."""
        return self._session.request(method, f"{self.address}/api/v1/{path}", json=body or None, timeout=60)

    def upload(self, path: str, bundle: Path) -> requests.Response:
        """Send a zip file to the API."""
        with bundle.open("rb") as content:
            return self._session.post(
                f"{self.address}/api/v1/{path}", files={"bundle": (bundle.name, content)}, timeout=120
            )

    def listed(self, kind: str) -> list[dict[str, Any]]:
        """Return all charts, dashboards or datasets."""
        found: list[dict[str, Any]] = self.ask("GET", f"{kind}/?q=(page_size:100)").json()["result"]
        return found

    def rows(self, dataset: int, **query: Any) -> list[dict[str, Any]]:
        """Return the result of a dataset's query, through the API of charts."""
        source = {"id": dataset, "type": "table"}
        answer = self.ask("POST", "chart/data", datasource=source, queries=[query], result_format="json")
        assert answer.ok, answer.text
        found: list[dict[str, Any]] = answer.json()["result"][0]["data"]
        return found

    def dataset(self, table: str) -> int:
        """Return the number of the dataset of a table."""
        return next(int(each["id"]) for each in self.listed("dataset") if each["table_name"] == table)


@contextmanager
def served(home: Path, marts: Path) -> Iterator[Superset]:
    """Start Superset as `make superset` does; end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    output = home.with_suffix(".log")
    with output.open("w") as log:
        process = subprocess.Popen(
            [PYTHON, RECIPE / "start.py", "--port", str(port)],
            env=os.environ | {"SUPERSET_HOME": str(home), "MARTS_PATH": str(marts)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(SECONDS_TO_START):
            assert process.poll() is None, output.read_text()
            try:
                if requests.get(f"{address}/health", timeout=60).ok:
                    break
            except requests.ConnectionError:
                time.sleep(1)
        yield Superset(address, output.read_text().splitlines())
    finally:
        process.terminate()
        process.wait(60)


class Published:
    """A warehouse and its published marts."""

    def __init__(self, folder: Path, first: State) -> None:
        self.warehouse = folder / "warehouse.duckdb"
        shutil.copy(first.place.warehouse, self.warehouse)
        self.marts = folder / "marts.duckdb"
        self._manifest = first.place.data / "dbt_target" / "manifest.json"
        self.publication = self._publish(first)

    def change(self, first: State, sql: str) -> None:
        """Change the warehouse and publish it."""
        with closing(duckdb.connect(self.warehouse)) as connection:
            connection.execute(sql)
        self.publication = self._publish(first)

    def _publish(self, first: State) -> Publication:
        with closing(duckdb.connect(first.place.marts, read_only=True)) as connection:
            [(run_at,)] = connection.execute("select run_at at time zone 'UTC' from publication").fetchall()
        return publish(
            warehouse=self.warehouse,
            marts=self.marts,
            manifest=self._manifest,
            run_at=run_at,
            sources={"web": "loaded"},
            key="pepper",
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("superset") / "home"


@pytest.fixture(scope="module")
def published(first: State, tmp_path_factory: pytest.TempPathFactory) -> Published:
    return Published(tmp_path_factory.mktemp("published"), first)


@pytest.fixture(scope="module")
def password(superset: Superset) -> str:
    [line] = [line for line in superset.printed if line.startswith("The password")]
    return line.rpartition(" ")[2]


@pytest.fixture(scope="module")
def superset(home: Path, published: Published) -> Iterator[Superset]:
    with served(home, published.marts) as server:
        yield server


@pytest.fixture
def signed_in(superset: Superset, password: str) -> Superset:
    superset.sign_in(password)
    return superset


def test_every_chart_of_both_dashboards_shows_something(signed_in: Superset) -> None:
    dashboards = {each["slug"]: each["id"] for each in signed_in.listed("dashboard")}
    assert set(dashboards) == set(DASHBOARDS)
    for slug, charts in DASHBOARDS.items():
        shown = signed_in.ask("GET", f"dashboard/{dashboards[slug]}/charts").json()["result"]
        assert len(shown) == charts
        for chart in shown:
            dataset, query = _query(chart["form_data"])
            assert signed_in.rows(dataset, **query), chart["slice_name"]


def _query(form: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Return the dataset and the query of a chart, as the page makes it of the chart's settings."""
    grouped = form.get("groupby", [])
    columns = [*form.get("all_columns", []), *([grouped] if isinstance(grouped, str) else grouped)]
    columns += [form["x_axis"]] if "x_axis" in form else []
    filters = [
        {"col": each["subject"], "op": each["operator"], "val": each["comparator"]}
        for each in form["adhoc_filters"]
    ]
    measured = (
        {"metrics": form.get("metrics") or [form["metric"]]} if {"metrics", "metric"} & set(form) else {}
    )
    return int(form["datasource"].split("__")[0]), measured | {
        "columns": columns,
        "filters": filters,
        "row_limit": 100,
    }


def test_its_metrics_are_those_of_the_project(signed_in: Superset, published: Published) -> None:
    compared = 0
    for listed in signed_in.listed("dataset"):
        for metric in signed_in.ask("GET", f"dataset/{listed['id']}").json()["result"]["metrics"]:
            name = metric["metric_name"]
            if name == "count":  # Superset's own, which every dataset without metrics is given
                continue
            [ours] = metrics.query([name], marts=published.marts)
            [theirs] = signed_in.rows(listed["id"], metrics=[name], columns=[])
            assert theirs[name] == pytest.approx(float(ours[name]), rel=1e-9), name
            compared += 1
    assert compared >= 20


def test_a_period_limits_the_figures(signed_in: Superset, published: Published) -> None:
    with closing(duckdb.connect(published.marts, read_only=True)) as connection:
        [(expected,)] = connection.execute(
            "select sum(revenue) from mart_channel_performance where date >= '2026-09-01' and date < '2026-10-01'"
        ).fetchall()
    period = {"col": "date", "op": "TEMPORAL_RANGE", "val": "2026-09-01 : 2026-10-01"}
    dataset = signed_in.dataset("mart_channel_performance")
    [row] = signed_in.rows(dataset, metrics=["revenue"], columns=[], filters=[period])
    assert row["revenue"] == pytest.approx(float(expected))


def test_columns_come_with_their_descriptions(signed_in: Superset) -> None:
    columns = signed_in.ask("GET", f"dataset/{signed_in.dataset('dim_customers')}").json()["result"][
        "columns"
    ]
    assert len(columns) > 40
    assert all(column["description"] for column in columns)


@pytest.mark.parametrize(
    "statement",
    [
        "select content from read_text('{home}/secret_key')",
        "attach '{warehouse}' as warehouse (read_only)",
        "copy (select 1) to '{home}/written.csv'",
        "set enable_external_access = true",
        "delete from publication",
    ],
)
def test_sql_lab_reaches_the_marts_and_nothing_else(
    signed_in: Superset, home: Path, published: Published, statement: str
) -> None:
    [database] = signed_in.listed("database")

    def run(sql: str) -> requests.Response:
        return signed_in.ask("POST", "sqllab/execute/", database_id=database["id"], sql=sql, runAsync=False)

    assert run("select version from publication").json()["data"] == [
        {"version": published.publication.version}
    ]
    assert not run(statement.format(home=home, warehouse=published.warehouse)).ok


def test_strangers_and_other_servers_get_nothing(superset: Superset, home: Path) -> None:
    page = requests.get(f"{superset.address}/login/", timeout=60)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "//" not in policy
    assert requests.get(f"{superset.address}/api/v1/chart/", timeout=60).status_code == 401
    assert [file.name for file in home.iterdir() if file.stat().st_mode & 0o077] == []


def test_a_swap_is_seen_at_once(signed_in: Superset, published: Published, first: State) -> None:
    dataset = signed_in.dataset("mart_channel_performance")
    publication = signed_in.dataset("publication")

    def shown() -> tuple[str, set[str]]:
        [version] = signed_in.rows(publication, columns=["version"])
        channels = signed_in.rows(dataset, columns=["channel"], metrics=["revenue"])
        return version["version"], {row["channel"] for row in channels}

    before = published.publication.version
    assert shown()[0] == before
    assert "store" in shown()[1]
    published.change(first, "delete from marts.mart_channel_performance where channel = 'store'")
    assert published.publication.version != before
    assert shown()[0] == published.publication.version
    assert "store" not in shown()[1]


def test_the_zipped_assets_can_be_imported_elsewhere(signed_in: Superset, tmp_path: Path) -> None:
    bundle = shutil.make_archive(str(tmp_path / "assets"), "zip", RECIPE, "assets")
    answer = signed_in.upload("assets/import/", Path(bundle))
    assert answer.ok, answer.text
    assert {each["slug"] for each in signed_in.listed("dashboard")} == set(DASHBOARDS)


def test_a_second_start_keeps_the_account_and_what_was_changed(
    superset: Superset, password: str, home: Path, published: Published
) -> None:
    superset.sign_in(password)
    chart = next(each for each in superset.listed("chart") if each["slice_name"] == "Revenue")
    assert superset.ask("PUT", f"chart/{chart['id']}", slice_name="Takings").ok
    with served(home, published.marts) as again:
        assert not any("password" in line.lower() for line in again.printed)
        again.sign_in(password)
        names = [each["slice_name"] for each in again.listed("chart")]
    assert "Takings" in names
    assert "Revenue" not in names
