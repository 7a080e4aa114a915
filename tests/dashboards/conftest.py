"""The small published marts of the publishing tests, as the dashboards find them."""

from pathlib import Path

import pytest

from tests.publishing.conftest import change, manifest, marts, publish_again, warehouse

__all__ = ["change", "manifest", "marts", "publish_again", "warehouse"]


@pytest.fixture(autouse=True)
def _marts_path(marts: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARTS_PATH", str(marts))
