"""A folder in which the commands of the README run as in a clone: own data, own Dagster home, this code."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from simulator.support_api import SupportApi, SupportFiles
from tests.pipeline_run.accounts import Totals, ledger_totals

PEOPLE = 1000
REFRESH = ("-m", "orchestration.refresh")
NOW = "2026-10-31T00:00:00Z"
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    output: str


@dataclass(frozen=True)
class Workplace:
    """The folder; ``data/`` in it is what ``data/`` is in a clone."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path) -> "Workplace":
        """Furnish an empty folder."""
        home = folder / "dagster_home"
        home.mkdir(parents=True)
        shutil.copy(REPOSITORY / "orchestration" / "instance" / "dagster.yaml", home)
        return cls(folder)

    @property
    def data(self) -> Path:
        """Where raw data, warehouse and published marts are."""
        return self.folder / "data"

    @property
    def warehouse(self) -> Path:
        """The working warehouse."""
        return self.data / "warehouse.duckdb"

    @property
    def marts(self) -> Path:
        """The published marts."""
        return self.data / "marts.duckdb"

    def checksum_of_marts(self) -> str:
        """Digest the published file."""
        return hashlib.sha256(self.marts.read_bytes()).hexdigest()

    def environment(self, **settings: str) -> dict[str, str]:
        """Return an environment in which commands work here, with nothing set but ``settings``."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SOURCES__")}
        for name in ("RUN_AT", "WAREHOUSE_PATH", "MARTS_PATH", "REPORTING_CURRENCY", "IDENTITY_SALT"):
            environment.pop(name, None)
        return environment | {
            "PYTHONPATH": str(REPOSITORY),
            "DAGSTER_HOME": str(self.folder / "dagster_home"),
            "DBT_PROJECT_DIR": str(REPOSITORY / "dbt_project"),
            **settings,
        }

    def run(self, *arguments: str, **settings: str) -> Ended:
        """Run ``python ARGUMENTS`` here, with nothing set but ``settings``; its whole output comes back."""
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout)


@dataclass(frozen=True)
class State:
    """A workplace after a run: result of the run, totals of the ledger, and published marts."""

    place: Workplace
    run: Ended
    totals: Totals
    marts: str


def state_after(place: Workplace, run: Ended) -> State:
    """Look at a workplace after a run; raises AssertionError if the ledger does not add up."""
    return State(place, run, ledger_totals(place.warehouse), place.checksum_of_marts())


def reader(marts: Path) -> duckdb.DuckDBPyConnection:
    """Open the published marts as a reader does; the tables are in ``published``."""
    connection = duckdb.connect()
    connection.execute(f"attach '{marts}' as published (read_only)")
    return connection


@contextmanager
def support_desk(place: Workplace, *, token: str = "demo-token") -> Iterator[dict[str, str]]:
    """Serve the demo's support API; the returned settings send ``token``."""
    with SupportApi(SupportFiles(place.data / "support")) as desk:
        yield {
            "SOURCES__SUPPORT__BASE_URL": desk.base_url,
            "SOURCES__SUPPORT__EMAIL": "agent@throughline.example",
            "SOURCES__SUPPORT__API_TOKEN": token,
            "RUN_AT": NOW,
        }


def deliver_spend(place: Workplace, file: str, *lines: str) -> None:
    """Land a file of advertising spend: date, channel, campaign, currency, spend, impressions, clicks."""
    header = "date,channel,campaign,currency,spend,impressions,clicks\n"
    folder = place.data / "landing" / "marketing" / "ad_spend"
    (folder / file).write_text(header + "".join(lines), encoding="utf-8")
