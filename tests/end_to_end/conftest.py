"""The demo, run once for all tests that read it, with additional records for its promises."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.planted_extremes import plant_extremes
from tests.end_to_end.planted_person import SALT, WEBHOOK, plant
from tests.end_to_end.workplace import PEOPLE, State, Workplace, reader, state_after


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> State:
    return demo_in(tmp_path_factory.mktemp("demo"))


def demo_in(folder: Path, people: int = PEOPLE) -> State:
    """Run the demo in a folder, with the planted records in its inputs; ids are the same every time."""
    place = Workplace.made_in(folder)
    written = place.run("-m", "simulator", "write", "--people", str(people))
    assert written.status == 0, written.output
    plant(place)
    plant_extremes(place)
    run = place.run(
        "-m", "orchestration.demo", "--people", str(people), ALERTS_WEBHOOK_URL=WEBHOOK, IDENTITY_SALT=SALT
    )
    assert run.status == 0, run.output
    return state_after(place, run)


@pytest.fixture
def ask(first: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Point the dashboards to the demo; return a function that queries one row of its published marts."""
    monkeypatch.setenv("MARTS_PATH", str(first.place.marts))
    monkeypatch.setenv("WAREHOUSE_PATH", str(first.place.warehouse))
    monkeypatch.setenv("IDENTITY_SALT", SALT)
    with closing(reader(first.place.marts)) as marts:
        marts.execute("use published")
        yield lambda sql: marts.execute(sql).fetchone()
