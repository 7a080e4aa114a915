"""The dbt project, parsed once for all stories."""

import pytest

from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import compiled_models


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    """The parsed project."""
    return DbtProject(tmp_path_factory.mktemp("stories_dbt"))


@pytest.fixture(scope="session")
def models(dbt: DbtProject) -> CompiledModels:
    """The project's models, compiled once."""
    return compiled_models(dbt)
