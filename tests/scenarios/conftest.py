"""The dbt project, parsed once for all stories."""

import pytest

from tests.pipeline_run.dbt_in_process import DbtProject


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    """The parsed project."""
    return DbtProject(tmp_path_factory.mktemp("stories_dbt"))
