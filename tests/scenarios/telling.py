"""Tells a story: the pipeline on the story's records alone, from its raw inputs to its published marts."""

from pathlib import Path

from simulator.support_api import SupportApi
from simulator.support_data import support_data
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline
from tests.scenarios.raw_inputs import deliveries, write_delivery
from tests.scenarios.story import OWN_STORIES, load_story


def tell(file: Path, folder: Path, dbt: DbtProject) -> Place:
    """Run the pipeline on the story in ``file``, once for each delivery, with everything under ``folder``.

    What is left out costs as much as all the rest, and says less than the story does: dbt's own tests run
    on the demo and on real data, the gates there and on the last delivery of the project's own stories.
    """
    story = load_story(file)
    place = Place(folder)
    place.inputs.mkdir(parents=True)
    with SupportApi(support_data(story.support), email=API_EMAIL, token=API_TOKEN) as api:
        settings = place.settings(now=story.now, support_url=api.base_url, currency=story.reporting_currency)
        with environment(settings):
            last = len(deliveries(story)) - 1
            for number in range(last + 1):
                write_delivery(story, number, place.inputs)
                checked = number == last and file.parent == OWN_STORIES
                run_pipeline(place, dbt, checked=checked, tested=False)
    return place
