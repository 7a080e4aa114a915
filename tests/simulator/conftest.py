"""Simulations shared by the tests of this folder."""

from pathlib import Path

import pytest

from simulator.plan import Plan
from simulator.write import write
from tests.simulator.landed import Simulated

PEOPLE = 400


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Write a simulation of some hundred people."""
    out: Path = tmp_path_factory.mktemp("simulated")
    write(Plan(PEOPLE, seed=11), out)
    return Simulated(out)
