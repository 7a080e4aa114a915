"""The demo, run once for all who look at what it made, with records in it that try what it promises."""

import pytest

from tests.end_to_end.planted_extremes import plant_extremes
from tests.end_to_end.planted_person import WEBHOOK, plant
from tests.end_to_end.workplace import PEOPLE, State, Workplace, state_after


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> State:
    place = Workplace.made_in(tmp_path_factory.mktemp("demo"))
    written = place.run("-m", "simulator", "write", "--people", str(PEOPLE))
    assert written.status == 0, written.output
    plant(place)
    plant_extremes(place)
    run = place.run("-m", "orchestration.demo", "--people", str(PEOPLE), ALERTS_WEBHOOK_URL=WEBHOOK)
    assert run.status == 0, run.output
    return state_after(place, run)
