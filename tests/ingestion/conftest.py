"""A place for each test: settings of its own, input folders, and a warehouse whose raw tables exist."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.sources import load
from tests.ingestion.place import NOW, Place


@pytest.fixture(scope="session")
def empty_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a warehouse with all raw tables and nothing in them, once."""
    folder = tmp_path_factory.mktemp("empty")
    (folder / "web").mkdir()
    settings = {
        "WAREHOUSE_PATH": str(folder / "warehouse.duckdb"),
        "SOURCES__WEB__BUCKET_URL": str(folder / "web"),
        "RUN_AT": NOW,
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    load("web")
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value
    return folder / "warehouse.duckdb"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_warehouse: Path) -> Place:
    """Set every setting to something of this test's own; no source is broken, each is empty."""
    made = Place(tmp_path)
    for source in ("web", "app", "marketing"):
        made.landing(source).mkdir(parents=True)
        monkeypatch.setenv(f"SOURCES__{source.upper()}__BUCKET_URL", str(made.landing(source)))
    monkeypatch.setenv("SOURCES__STORE__CREDENTIALS", f"sqlite:///{made.store}")
    monkeypatch.setenv("WAREHOUSE_PATH", str(made.warehouse))
    monkeypatch.setenv("RUN_AT", NOW)
    monkeypatch.setenv("RUNTIME__REQUEST_BACKOFF_FACTOR", "0.01")
    shutil.copy(empty_warehouse, made.warehouse)
    return made


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Set the clock of the next run."""
    return lambda moment: monkeypatch.setenv("RUN_AT", moment)
