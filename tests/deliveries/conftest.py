"""A small retailer's records, and a warehouse of them that was built in one go."""

from pathlib import Path

import pytest

from simulator.plan import Plan
from simulator.write import write
from tests.deliveries.retailer import Retailer
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import Place

DOZEN = 12
# With fewer people, nobody orders on the website.
PEOPLE = 3 * DOZEN
DOZENS_OF_A_CROWD = 25


@pytest.fixture(scope="session")
def retailer(tmp_path_factory: pytest.TempPathFactory) -> Retailer:
    return _retailer(tmp_path_factory.mktemp("retailer"), people=PEOPLE)


@pytest.fixture(scope="session")
def in_one_go(
    tmp_path_factory: pytest.TempPathFactory, retailer: Retailer, dbt: DbtProject, models: CompiledModels
) -> Place:
    place = Place(tmp_path_factory.mktemp("in_one_go"))
    retailer.deliver(place, dbt, models, pieces=1, seed=0)
    return place


@pytest.fixture(scope="session")
def crowd_in_one_go(
    tmp_path_factory: pytest.TempPathFactory, dbt: DbtProject, models: CompiledModels
) -> Place:
    place = Place(tmp_path_factory.mktemp("crowd_in_one_go"))
    crowd = _retailer(tmp_path_factory.mktemp("crowd"), people=DOZENS_OF_A_CROWD * DOZEN)
    crowd.deliver(place, dbt, models, pieces=1, seed=0)
    return place


def _retailer(folder: Path, people: int) -> Retailer:
    write(Plan(people=people), folder)
    return Retailer(folder)
