"""The demo, run once for all who look at what it made."""

import pytest

from tests.end_to_end.workplace import PEOPLE, State, Workplace, state_after


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> State:
    place = Workplace.made_in(tmp_path_factory.mktemp("demo"))
    run = place.run("-m", "orchestration.demo", "--people", str(PEOPLE))
    assert run.status == 0, run.output
    return state_after(place, run)
