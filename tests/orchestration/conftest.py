"""A place for one pipeline: a landing folder, a small dbt project, a warehouse and a Dagster instance."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from orchestration.assets.dbt_project import prepared_project
from orchestration.definitions import definitions
from orchestration.settings import Settings, read_settings
from tests.orchestration.webhook_server import Webhook, webhook_server

ROOT = Path(__file__).resolve().parents[2]
SMALL_PROJECT = Path(__file__).with_name("small_dbt_project")
RUN_AT = "2026-04-30T12:00:00+00:00"


@dataclass(frozen=True)
class Place:
    """The folder of a pipeline, and the settings that lead there."""

    folder: Path

    @property
    def landing(self) -> Path:
        """Where web events land; no other source is configured."""
        return self.folder / "landing" / "web"

    @property
    def environment(self) -> dict[str, str]:
        """The settings, as an operator would set them."""
        return {
            "WAREHOUSE_PATH": str(self.folder / "warehouse.duckdb"),
            "MARTS_PATH": str(self.folder / "published" / "marts.duckdb"),
            "DBT_PROJECT_DIR": str(self.folder / "dbt_project"),
            "DAGSTER_HOME": str(self.folder / "instance"),
            "SOURCES__WEB__BUCKET_URL": str(self.landing),
            "IDENTITY_SALT": "only-for-tests",
            "RUN_AT": RUN_AT,
        }

    @property
    def settings(self) -> Settings:
        """The settings as orchestration reads them."""
        return read_settings(self.environment)

    def land(self, name: str, *lines: str) -> None:
        """Put a file of lines into the landing folder."""
        self.landing.mkdir(parents=True, exist_ok=True)
        (self.landing / name).write_text("".join(f"{line}\n" for line in lines))

    def refresh(self, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
        """Run the job on what has landed."""
        job = definitions(self.settings).resolve_job_def("refresh")
        return job.execute_in_process(instance=instance, raise_on_error=False)

    def rows(self, sql: str, *, published: bool = False) -> list[tuple[Any, ...]]:
        """Query the warehouse or the published marts."""
        path = self.settings.marts if published else self.settings.warehouse
        with closing(duckdb.connect(path, read_only=True)) as connection:
            return connection.execute(sql).fetchall()


def message(message_id: str, channel: str, group: str) -> str:
    """Write a Segment message that the small project reads as a channel."""
    return json.dumps(
        {
            "messageId": message_id,
            "type": "track",
            "event": channel,
            "name": group,
            "anonymousId": "anon",
            "timestamp": "2026-04-30T10:00:00Z",
        }
    )


@pytest.fixture(scope="session")
def parsed_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small project with its manifest: parsed once, because that takes seconds."""
    made = Place(tmp_path_factory.mktemp("parsed"))
    project = made.folder / "dbt_project"
    shutil.copytree(SMALL_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    prepared_project(made.settings)
    return project


@pytest.fixture
def place(tmp_path: Path, parsed_project: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Make an empty place, and go there: the default folders of the other sources do not exist in it."""
    made = Place(tmp_path)
    shutil.copytree(parsed_project, tmp_path / "dbt_project")
    (tmp_path / "instance").mkdir()
    shutil.copy(ROOT / "orchestration" / "instance" / "dagster.yaml", tmp_path / "instance")
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return made


@pytest.fixture
def instance(place: Place) -> Iterator[dg.DagsterInstance]:
    """A real instance with the project's settings: pools and their limits hold."""
    with dg.DagsterInstance.from_config(str(place.folder / "instance")) as made:
        yield made


def refresh_by_hand(place: Place, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m orchestration.refresh` in a place, with more settings."""
    environment = {**place.environment, **more, "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    return subprocess.run(
        [sys.executable, "-m", "orchestration.refresh"],
        cwd=place.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """A webhook that is up."""
    with webhook_server() as server:
        yield server


@dg.op
def nothing() -> None:
    """Do nothing."""


@dg.job(name="refresh")
def any_refresh() -> None:
    """Look like the real job to whoever asks by name."""
    nothing()


def checks_of(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    """Index a run's check results by `<asset> <check>`."""
    evaluations = result.get_asset_check_evaluations()
    return {f"{each.asset_key.to_user_string()} {each.check_name}": each for each in evaluations}


def steps_of(result: dg.ExecuteInProcessResult) -> dict[str, str]:
    """Return how each step of a run ended."""
    endings = {
        dg.DagsterEventType.STEP_SUCCESS: "done",
        dg.DagsterEventType.STEP_FAILURE: "failed",
        dg.DagsterEventType.STEP_SKIPPED: "skipped",
    }
    return {
        event.step_key: endings[event.event_type]
        for event in result.all_events
        if event.step_key is not None and event.event_type in endings
    }
