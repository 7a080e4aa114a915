"""The demo's journeys as pm4py sees them."""

from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from tests.end_to_end.process_mining import Mined, counted, joined, mine
from tests.end_to_end.workplace import State

# What a customer did on channels of ours, journey by journey.
STEPS = """
    select fct_touchpoints.journey_id, fct_touchpoints.{activity}
    from fct_touchpoints
    inner join dim_channels on fct_touchpoints.channel = dim_channels.channel
    where fct_touchpoints.journey_id is not null and direction = 'inbound' and dim_channels.is_owned
    order by fct_touchpoints.journey_id, step_number
"""


@pytest.fixture
def marts(first: State) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect(str(first.place.marts), read_only=True)) as connection:
        yield connection


@pytest.fixture
def mined(marts: duckdb.DuckDBPyConnection, activity: str) -> Mined:
    return mine(marts.execute(STEPS.format(activity=activity)).fetchall())


@pytest.mark.parametrize("activity", ["channel"])
def test_channel_paths_are_the_variants(marts: duckdb.DuckDBPyConnection, mined: Mined) -> None:
    told = "select channel_path, count(*) from fct_journeys where channel_path is not null group by all"
    assert len(mined.collapsed) > 10
    assert counted(marts, told) == joined(mined.collapsed)


@pytest.mark.parametrize("activity", ["channel"])
def test_entry_and_exit_are_where_paths_start_and_end(marts: duckdb.DuckDBPyConnection, mined: Mined) -> None:
    told = "select {}, count(*) from fct_journeys where channel_path is not null group by all"
    assert counted(marts, told.format("entry_channel")) == mined.starts
    assert counted(marts, told.format("exit_channel")) == mined.ends


@pytest.mark.parametrize("activity", ["channel", "touchpoint_type"])
def test_transitions_are_what_directly_follows(
    marts: duckdb.DuckDBPyConnection, mined: Mined, activity: str
) -> None:
    told = f"select from_{activity}, to_{activity}, count(*) from fct_journey_transitions group by all"
    assert len(mined.follows) > 10
    assert counted(marts, told) == mined.follows


@pytest.mark.parametrize("activity", ["channel"])
def test_handoffs_are_the_pairs_of_two_channels(marts: duckdb.DuckDBPyConnection, mined: Mined) -> None:
    changes = sum(count for (earlier, later), count in mined.follows.items() if earlier != later)
    assert marts.execute("select sum(handoffs) from fct_journeys").fetchone() == (changes,)
