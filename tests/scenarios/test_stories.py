"""Every story, from raw records to marts as they are published."""

from pathlib import Path

import pytest

from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.scenarios.expected_failures import NOT_YET
from tests.scenarios.run_story import run_story
from tests.scenarios.story import load_story, story_files
from tests.scenarios.verdict import Marts, check


def stories() -> list[object]:
    """List the stories as test parameters; the expected failures must fail."""
    return [
        pytest.param(
            file,
            id=file.stem,
            marks=[pytest.mark.xfail(strict=True, reason=NOT_YET[file.stem])] if file.stem in NOT_YET else [],
        )
        for file in story_files()
    ]


@pytest.mark.parametrize("file", stories())
def test_the_published_marts_match_the_story(
    file: Path, dbt: DbtProject, models: CompiledModels, tmp_path: Path
) -> None:
    place = run_story(file, tmp_path / file.stem, dbt, models)
    with Marts(place.marts, place.warehouse) as marts:
        check(load_story(file), marts)
