"""A worker process that tells stories: the pipeline on each story's records alone."""

from pathlib import Path
from tempfile import mkdtemp

from simulator.support_api import SupportApi
from simulator.support_data import support_data
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline
from tests.scenarios.raw_inputs import deliveries, write_delivery
from tests.scenarios.story import load_story


class Worker:
    """What a worker process keeps between stories."""

    dbt: DbtProject


def start_worker(folder: Path) -> None:
    """Parse the dbt project once for this process."""
    Worker.dbt = DbtProject(Path(mkdtemp(dir=folder)))


def tell(file: Path, folder: Path) -> Place:
    """Run the pipeline on the story in ``file``, once for each delivery, with everything under ``folder``.

    The gates stand before the last publication. dbt's own tests take as long as its models, and say less
    than the story does; they run on the demo and on real data.
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
                run_pipeline(place, Worker.dbt, checked=number == last, tested=False)
    return place
