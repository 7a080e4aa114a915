"""Where visitors come from, by the arrivals' own SQL and seeds, after GA4's default channel group."""

from types import SimpleNamespace

import duckdb
import pytest

from tests.dbt.referring_sites import REFERRERS
from tests.dbt.rendering import PROJECT, Engine, seed_rows
from tests.dbt.ways_of_arriving import CAMPAIGNS_AND_ADDRESSES, Way

TOUCHPOINTS = PROJECT / "models/intermediate/touchpoints"

EVENTS = "page_host varchar, referrer_host varchar, campaign_source varchar"
ARRIVALS = [*CAMPAIGNS_AND_ADDRESSES, *REFERRERS]


@pytest.fixture(scope="module")
def channels() -> dict[Way, str]:
    """The channel of each way of arriving that a rule fits."""
    macros = SimpleNamespace(
        concat=" || ".join,
        position=lambda part, text: f"position({part} in {text})",
        type_string=lambda: "varchar",
        type_int=lambda: "integer",
    )
    engine = Engine("duckdb", macros, quote=lambda name: f'"{name}"', replaced={"seed_rows": seed_rows})
    with duckdb.connect() as connection:
        connection.execute(
            "create table ways (source varchar, medium varchar, url varchar, referrer varchar)"
        )
        connection.executemany("insert into ways values (?, ?, ?, ?)", [list(way) for way, _ in ARRIVALS])
        connection.execute(f"""
            create table landings as
            select
                ways.*,
                coalesce(lower({engine.call("campaign_text", "source")}), '') as campaign_source,
                coalesce({engine.call("campaign_words", engine.call("campaign_text", "medium"))}, '')
                    as campaign_medium,
                coalesce({engine.call("url_parameter_names", "url")}, '') as landing_parameters,
                coalesce({engine.call("url_host", "referrer")}, '') as referrer_host
            from ways
        """)
        connection.execute("create table int_touchpoints__landings as from landings")
        for feed in ("web", "app", "marketing"):
            connection.execute(f"create table stg_{feed}__events ({EVENTS})")
        connection.execute(
            "insert into stg_web__events select 'www.shop.example', referrer_host, campaign_source from landings"
        )
        connection.execute(
            "insert into stg_web__events (page_host) values ('www.outlet.example'), ('www.google.de')"
        )
        for seed in ("arrival_channels", "referrer_hosts", "click_ids"):
            connection.execute(
                f"create table {seed} as from read_csv('{PROJECT / 'seeds' / seed}.csv', nullstr = '')"
            )
        for model in (
            "int_touchpoints__own_sites",
            "int_touchpoints__sites",
            "int_touchpoints__arrival_rules",
        ):
            connection.execute(f"create table {model} as {engine.render(TOUCHPOINTS / f'{model}.sql')}")
        found = connection.execute(
            "select source, medium, url, referrer, channel from landings join int_touchpoints__arrival_rules using"
            " (campaign_source, campaign_medium, landing_parameters, referrer_host)"
        ).fetchall()
    return {Way(*row[:-1]): row[-1] for row in found}


@pytest.mark.parametrize(("way", "channel"), ARRIVALS)
def test_a_way_of_arriving_has_its_channel(way: Way, channel: str | None, channels: dict[Way, str]) -> None:
    assert channels.get(way) == channel
