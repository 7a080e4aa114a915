"""The demo's journeys as pm4py sees them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby

import duckdb
import pytest

from tests.end_to_end.process_mining import Mined, counted, joined, mine
from tests.end_to_end.workplace import State

# The acts of customers on our own channels, by journey.
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
    published = "select channel_path, count(*) from fct_journeys where channel_path is not null group by all"
    assert len(mined.collapsed) > 10
    assert counted(marts, published) == joined(mined.collapsed)


@pytest.mark.parametrize("activity", ["channel"])
def test_entry_and_exit_are_where_paths_start_and_end(marts: duckdb.DuckDBPyConnection, mined: Mined) -> None:
    published = "select {}, count(*) from fct_journeys where channel_path is not null group by all"
    assert counted(marts, published.format("entry_channel")) == mined.starts
    assert counted(marts, published.format("exit_channel")) == mined.ends


@pytest.mark.parametrize("activity", ["channel", "touchpoint_type"])
def test_transitions_are_what_directly_follows(
    marts: duckdb.DuckDBPyConnection, mined: Mined, activity: str
) -> None:
    published = f"select from_{activity}, to_{activity}, count(*) from fct_journey_transitions group by all"
    assert len(mined.follows) > 10
    assert counted(marts, published) == mined.follows


@pytest.mark.parametrize("activity", ["channel"])
def test_handoffs_are_the_pairs_of_two_channels(marts: duckdb.DuckDBPyConnection, mined: Mined) -> None:
    changes = sum(count for (earlier, later), count in mined.follows.items() if earlier != later)
    assert marts.execute("select sum(handoffs) from fct_journeys").fetchone() == (changes,)


# The same with where each journey begins and how it ends.
WHOLE_PATHS = """
    with
    steps as (
        select fct_touchpoints.journey_id, step_number, fct_touchpoints.{activity} as step
        from fct_touchpoints
        inner join dim_channels on fct_touchpoints.channel = dim_channels.channel
        where fct_touchpoints.journey_id is not null and direction = 'inbound' and dim_channels.is_owned
    )
    select journey_id, step
    from (
        from steps
        union all
        select distinct journey_id, 0, '(start)' from steps
        union all
        select distinct journey_id, 1000000, '(' || status || ')' from steps inner join fct_journeys using (journey_id)
    )
    order by journey_id, step_number
"""


@pytest.fixture
def whole_paths(marts: duckdb.DuckDBPyConnection, level: str) -> Mined:
    """The paths as pm4py reads them; of channels with repeats in a row taken out before."""
    activity = {"channel": "channel", "touchpoint": "touchpoint_type"}[level]
    events = marts.execute(WHOLE_PATHS.format(activity=activity)).fetchall()
    if level == "channel":
        events = [event for event, _ in groupby(events)]
    return mine(events)


@pytest.mark.parametrize("level", ["channel", "touchpoint"])
def test_transitions_of_paths_are_what_directly_follows(
    marts: duckdb.DuckDBPyConnection, whole_paths: Mined, level: str
) -> None:
    published = f"""
        select from_step, to_step, sum(transitions)::bigint
        from mart_path_transitions where path_level = '{level}' group by all
    """
    assert len(whole_paths.follows) > 20
    assert counted(marts, published) == whole_paths.follows


@pytest.mark.parametrize("level", ["channel", "touchpoint"])
def test_each_step_of_the_step_matrix_has_the_journeys_that_are_there(
    marts: duckdb.DuckDBPyConnection, whole_paths: Mined, level: str
) -> None:
    expected: Counter[tuple[int, str]] = Counter()
    for path, journeys in whole_paths.variants.items():
        for number in range(1, 21):
            expected[number, path[min(number, len(path) - 1)]] += journeys
    published = f"""
        select step_number, step, sum(journeys)::bigint
        from mart_path_steps where path_level = '{level}' group by all
    """
    assert counted(marts, published) == expected


@pytest.mark.parametrize("activity", ["channel"])
def test_variants_of_paths_are_those_of_pm4py(marts: duckdb.DuckDBPyConnection, mined: Mined) -> None:
    published = "select channel_path, sum(journeys)::bigint from mart_path_variants group by all"
    assert counted(marts, published) == joined(mined.collapsed)
