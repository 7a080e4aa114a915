"""Runs a story: the pipeline on the story's records alone, from its raw inputs to marts as they are published."""

from pathlib import Path

from simulator.support_api import SupportApi
from simulator.support_data import support_data
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline, write_as_published
from tests.scenarios.raw_inputs import deliveries, write_delivery
from tests.scenarios.story import load_story

# Where a story's customers are looked up by their identifiers.
IDENTITIES = "identity_map"


def run_story(file: Path, folder: Path, dbt: DbtProject, models: CompiledModels) -> Place:
    """Run the pipeline on the story in ``file``, once for each delivery, with everything under ``folder``.

    The first of several deliveries is built whole, by the compiled ``models``, the others by slices. Where there is
    one, only the marts that the story asks about are built. The tests of dbt and the gates are left out: they cost
    twice as much as everything else, and run on the demo and on real data.
    """
    story = load_story(file)
    asked = {expected["model"] for expected in story.expect if "model" in expected}
    place = Place(folder)
    place.inputs.mkdir(parents=True)
    numbers = range(len(deliveries(story)))
    with SupportApi(support_data(story.support), email=API_EMAIL, token=API_TOKEN) as api:
        settings = place.settings(now=story.now, support_url=api.base_url, currency=story.reporting_currency)
        with environment(settings):
            for number in numbers:
                write_delivery(story, number, place.inputs)
                run_pipeline(
                    place,
                    dbt,
                    checked=False,
                    tested=False,
                    published=False,
                    sources=story.sources,
                    models=models,
                    marts=asked | {IDENTITIES} if len(numbers) == 1 else (),
                )
    write_as_published(place, dbt, asked)
    return place
