"""Public data: 31,106 events of 600 users of a shop, with the true session of each."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import duckdb
import pytest

from ingestion.load.ledger import LoadReport
from ingestion.sources import SOURCES, load
from simulator.support_api import SupportApi, SupportData
from tests.end_to_end.ecom_messages import EcomEvent, ecom_file, land, partition, read_events, true_sessions
from tests.end_to_end.process_mining import counted, in_order, joined, journeys_of, mine
from tests.pipeline_run.accounts import Totals, ledger_totals
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline
from tests.scenarios.raw_inputs import write_store

EVENTS, SESSIONS, PURCHASES, USERS = 31_106, 3_605, 470, 600
NOW = "2024-07-31T00:00:00Z"
PATHS = """
    select session_id, string_agg(source_event, ' > ' order by occurred_at, touchpoint_id) as path
    from fct_touchpoints
    group by session_id
"""
FOLLOWS = """
    select source_event, next_event, count(*)
    from (
        select source_event, lead(source_event) over (
            partition by session_id order by occurred_at, touchpoint_id
        ) as next_event
        from fct_touchpoints
    )
    where next_event is not null
    group by all
"""
TRANSITIONS = """
    select earlier.source_event, later.source_event, count(*)
    from fct_journey_transitions as transitions
    inner join fct_touchpoints as earlier on transitions.from_touchpoint_id = earlier.touchpoint_id
    inner join fct_touchpoints as later on transitions.to_touchpoint_id = later.touchpoint_id
    group by all
"""
HANDOFFS = "select from_channel, to_channel, count(*) from fct_journey_transitions group by all"


@dataclass(frozen=True)
class Loaded:
    """The events, the pipeline that took them in, and the reports of loading the same files again."""

    events: list[EcomEvent]
    place: Place
    second_reports: list[LoadReport]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, dbt: DbtProject) -> Loaded:
    data = ecom_file()
    if data is None:
        pytest.skip("retentioneering's ecom data is not installed; `make test` installs it")
    events = read_events(data)
    place = Place(tmp_path_factory.mktemp("ecom"))
    land(events, place.inputs)
    (place.inputs / "marketing").mkdir()
    write_store(place.inputs / "store.db", {})
    with (
        SupportApi(SupportData(), email=API_EMAIL, token=API_TOKEN) as api,
        environment(place.settings(now=NOW, support_url=api.base_url)),
    ):
        run_pipeline(place, dbt)
        return Loaded(events, place, [load(source) for source in SOURCES])


@pytest.fixture
def marts(loaded: Loaded) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{loaded.place.marts}' as published (read_only)")
        connection.execute("use published")
        yield connection


def one(marts: duckdb.DuckDBPyConnection, question: str) -> tuple[object, ...]:
    answer = marts.execute(question).fetchone()
    assert answer is not None
    return tuple(answer)


def test_the_data_is_what_it_is_known_to_be(loaded: Loaded) -> None:
    purchases = sum(event.event == "purchase" for event in loaded.events)
    users = len({event.user_id for event in loaded.events})
    assert (len(loaded.events), len(true_sessions(loaded.events)), purchases, users) == (
        EVENTS,
        SESSIONS,
        PURCHASES,
        USERS,
    )


def test_every_event_is_one_touchpoint_of_its_user(loaded: Loaded, marts: duckdb.DuckDBPyConnection) -> None:
    assert one(marts, "select count(*), count(distinct source_record_id) from fct_touchpoints") == (
        EVENTS,
        EVENTS,
    )
    found = marts.execute("select customer_id, source_record_id from fct_touchpoints").fetchall()
    assert partition(found) == partition([(event.user_id, event.message_id) for event in loaded.events])


def test_desktop_is_the_website_and_the_rest_the_app(
    loaded: Loaded, marts: duckdb.DuckDBPyConnection
) -> None:
    found = dict(marts.execute("select channel, count(*) from fct_touchpoints group by channel").fetchall())
    desktop = sum(event.source == "web" for event in loaded.events)
    assert found == {"web": desktop, "app": EVENTS - desktop}


def test_the_sessions_are_the_true_ones(loaded: Loaded, marts: duckdb.DuckDBPyConnection) -> None:
    assert one(marts, "select count(*), sum(touchpoints) from fct_sessions") == (SESSIONS, EVENTS)
    found = marts.execute("select session_id, source_record_id from fct_touchpoints").fetchall()
    assert partition(found) == true_sessions(loaded.events)


def test_paths_through_a_session_are_those_that_pm4py_finds(
    loaded: Loaded, marts: duckdb.DuckDBPyConnection
) -> None:
    mined = mine((event.session_id, event.spoken_name) for event in in_order(loaded.events))
    assert len(mined.variants) > 1_000
    assert counted(marts, f"select path, count(*) from ({PATHS}) group by path") == joined(mined.variants)
    assert counted(marts, FOLLOWS) == mined.follows


def test_journeys_are_cut_as_by_hand_and_pm4py(loaded: Loaded, marts: duckdb.DuckDBPyConnection) -> None:
    journeys = journeys_of(in_order(loaded.events))
    by_channel = mine((name, event.source) for name, events in journeys.items() for event in events)
    by_event = mine((name, event.spoken_name) for name, events in journeys.items() for event in events)
    assert counted(marts, "select channel_path, count(*) from fct_journeys group by all") == joined(
        by_channel.collapsed
    )
    assert counted(marts, "select touchpoints, count(*) from fct_journeys group by all") == Counter(
        len(events) for events in journeys.values()
    )
    assert counted(marts, TRANSITIONS) == by_event.follows
    assert counted(marts, HANDOFFS) == by_channel.follows


def test_every_purchase_is_a_conversion_and_an_order(marts: duckdb.DuckDBPyConnection) -> None:
    assert one(marts, "select count(*) from fct_touchpoints where is_conversion") == (PURCHASES,)
    assert one(marts, "select count(*), count(distinct order_id) from fct_orders") == (PURCHASES, PURCHASES)
    assert one(marts, "select count(*) from fct_journeys where status = 'converted'") == (PURCHASES,)
    assert one(marts, "select sum(conversions) from fct_sessions") == (PURCHASES,)


def test_every_user_is_a_customer(marts: duckdb.DuckDBPyConnection) -> None:
    assert one(marts, "select count(*), sum(orders) from dim_customers where is_identified") == (
        USERS,
        PURCHASES,
    )
    assert one(marts, "select count(*) from dim_customers where not is_identified") == (0,)


def test_an_event_that_nobody_has_named_is_kept_as_other(marts: duckdb.DuckDBPyConnection) -> None:
    question = "select count(*) from fct_touchpoints where touchpoint_type = 'other'"
    assert one(marts, question) == (44,), "the checkout bugs"


def test_every_record_is_accounted_for_and_read_once(loaded: Loaded) -> None:
    assert ledger_totals(loaded.place.warehouse) == Totals(EVENTS, EVENTS, 0, 0)
    assert {report.status for report in loaded.second_reports} == {"loaded"}
    assert [
        counts for report in loaded.second_reports for counts in report.tables.values() if counts.read
    ] == []
