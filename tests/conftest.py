"""Distributes tests: those of one file stay in one process, so that shared fixtures are created once.

Has the fixtures that several folders share: to parse and compile the dbt project takes half a minute in each process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling, Scheduling

# dbt takes seconds to import, which most tests do not need.
if TYPE_CHECKING:
    from tests.pipeline_run.compiled_models import CompiledModels
    from tests.pipeline_run.dbt_in_process import DbtProject

# Each of these has a place of its own; the long ones take a quarter of an hour each.
ALONE = (
    "tests/scenarios/test_stories.py",
    "tests/crash/test_refresh_killed.py",
    "tests/deliveries/test_any_history.py::test_slices_of_a_crowd",
    "tests/deliveries/test_any_split.py::test_any_pieces",
)
# They begin with one retailer, delivered in one go.
DELIVERIES = "tests/deliveries/"
# They look at one demo, or have Dagster parse the project's own dbt models, which two processes cannot do at once.
END_TO_END = "tests/end_to_end/"
CHANGES_THE_DEMO = f"{END_TO_END}test_delivery.py"
THE_PROJECT_ITSELF = {
    "tests/orchestration/test_laws_of_the_graph.py",
    "tests/orchestration/test_webserver.py",
}
WITHOUT_THE_DEMO = {
    f"{END_TO_END}test_{name}.py"
    for name in ("a_desk_that_is_down", "a_failing_check", "broken_sources", "ecom")
}
# They take minutes each: begun last, they would leave the other processes without work.
LONGEST = ("tests/spark/test_same_tables.py", END_TO_END, DELIVERIES, "tests/spark/", "tests/rights/")

# Customers' ids follow from it: where two warehouses are compared, people are called the same in both.
os.environ["IDENTITY_SALT"] = "only-for-tests"


@pytest.fixture(autouse=True)
def _main_module() -> Iterator[None]:
    """Put this process's main module back: Streamlit's tester leaves its page there, and new processes import it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    """The dbt project, parsed."""
    from tests.pipeline_run.dbt_in_process import DbtProject

    return DbtProject(tmp_path_factory.mktemp("dbt"))


@pytest.fixture(scope="session")
def models(dbt: DbtProject) -> CompiledModels:
    """The project's models, compiled."""
    from tests.pipeline_run.run import compiled_models

    return compiled_models(dbt)


class ByWhatTheyShare(LoadScopeScheduling):
    """One process per file, one for all tests of the whole project, one for deliveries; any for single tests."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(ALONE):
            return nodeid
        file = nodeid.partition("::")[0]
        if file.startswith(DELIVERIES):
            return DELIVERIES
        if file in THE_PROJECT_ITSELF or (file.startswith(END_TO_END) and file not in WITHOUT_THE_DEMO):
            return "the project itself"
        return file


def _place_in_the_order(item: pytest.Item) -> tuple[int, bool]:
    place = next(
        (place for place, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST)
    )
    return place, item.nodeid.startswith(CHANGES_THE_DEMO)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest tests first, and what changes the demo after the tests that look at it."""
    items.sort(key=_place_in_the_order)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    """Assign tests to processes by their shared fixtures, in the order of collection."""
    config.option.loadscopereorder = False
    return ByWhatTheyShare(config, log)
