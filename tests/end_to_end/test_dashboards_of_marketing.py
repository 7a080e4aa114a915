"""The pages for marketers on the demo show the same figures as plain SQL on the marts."""

import re
from typing import Any

import pytest

from dashboards.periods import last_days
from dashboards.publication import status
from dashboards.queries.attribution import MODELS, credits_of_models
from tests.end_to_end.dashboard_pages import figure_of, looked_at, shown, text_of, tile_of, values_of

_LAST_90 = "between run_at::date - 90 and run_at::date - 1"


def test_journeys_counts_what_the_marts_hold(ask: Any) -> None:
    journeys, converted = ask(
        f"""
        select count(*), count(*) filter (status = 'converted') from fct_journeys, publication
        where kind = 'purchase' and channel_path is not null and started_at::date {_LAST_90}
        """
    )
    text = text_of(shown("journeys"))
    assert f"<span>Purchase journeys</span><b>{journeys:,}</b>" in text
    assert f"<span>Converted</span><b>{converted:,}</b>" in text
    assert converted > 0


def test_the_flow_of_journeys_loses_none(ask: Any) -> None:
    page = shown("journeys")
    flow = figure_of(page, "journeys_flow")["data"][0]
    ends = [
        number
        for number, label in enumerate(flow["node"]["label"])
        if label in ("Converted", "Open", "Abandoned")
    ]
    ended = sum(
        value
        for target, value in zip(flow["link"]["target"], values_of(flow["link"]["value"]), strict=True)
        if target in ends
    )
    assert f"<span>Purchase journeys</span><b>{int(ended):,}</b>" in text_of(page)


def test_journeys_can_be_narrowed(ask: Any) -> None:
    page = shown("journeys")
    looked_at(page.selectbox(key="journeys_reach").select("several channels").run())
    looked_at(page.selectbox(key="journeys_entry").select("app").run())
    (journeys,) = ask(
        f"""
        select count(*) from fct_journeys, publication
        where kind = 'purchase' and started_at::date {_LAST_90} and entry_channel = 'app' and channels > 1
        """
    )
    assert f"<span>Purchase journeys</span><b>{journeys:,}</b>" in text_of(page)
    assert f"<span>On several channels</span><b>{100:.1f} %</b>" in text_of(page)


@pytest.mark.usefixtures("ask")
def test_what_has_no_handoff_says_so() -> None:
    page = shown("journeys")
    looked_at(page.selectbox(key="journeys_reach").select("one channel").run())
    assert "No journey that matches these filters changed its channel." in text_of(page)


@pytest.mark.parametrize("measure", ["Conversions", "Revenue"])
def test_all_models_hand_out_the_same(measure: str, ask: Any) -> None:
    page = shown("attribution")
    looked_at(page.selectbox(key="attribution_measure").select(measure).run())
    looked_at(page.toggle(key="attribution_all_channels").set_value(True).run())
    column = "credit" if measure == "Conversions" else "attributed_revenue_reporting::double"
    (total,) = ask(
        f"select sum({column}) from fct_attribution, publication where model = 'linear' and converted_on {_LAST_90}"
    )
    sums = credits_of_models(last_days(status(), 90), measure.lower())[list(MODELS)].sum()
    assert total > 0
    assert sums.to_dict() == pytest.approx(dict.fromkeys(MODELS, total))


def test_a_campaign_is_charged_what_was_spent_on_it(ask: Any) -> None:
    campaign, channel, spend, revenue = ask(
        f"""
        select campaign_name, channel_name, sum(spend)::double, sum(attributed_revenue_markov)::double
        from mart_campaign_performance
        inner join dim_campaigns using (campaign_id)
        inner join dim_channels using (channel), publication
        where date {_LAST_90} and channel <> 'other'
        group by all order by 3 desc limit 1
        """
    )
    rows = re.findall(r"<tr>.*?</tr>", text_of(shown("attribution")))
    (row,) = (each for each in rows if f">{campaign}</td>" in each and f">{channel}</td>" in each)
    assert spend > 0
    assert f">{spend:,.0f}</td>" in row
    assert f">{revenue:,.0f}</td>" in row
    assert f">{(revenue / spend - 1) * 100:+.0f} %</td>" in row


def test_retention_shows_the_cohorts_of_a_channel(ask: Any) -> None:
    page = shown("retention")
    looked_at(page.selectbox(key="retention_channel").select("web").run())
    won, retained = ask(
        """
        select customers, retained from mart_retention, publication
        where acquisition_channel = 'web' and month_number = 1 and acquisition_month > run_at - interval 25 month
        order by acquisition_month limit 1
        """
    )
    grid = figure_of(page, "retention_cohorts")["data"][0]
    assert f"({won:,})" in grid["y"][0]
    assert values_of(grid["z"])[0] == pytest.approx(retained / won)


def test_value_adds_up_to_the_mart(ask: Any) -> None:
    buyers, expected = ask("select count(*), sum(expected_value_12m)::double from mart_customer_value")
    page = shown("retention")
    text = text_of(page)
    assert tile_of(page, "Buyers") == f"{buyers:,}"
    assert tile_of(page, "Expected in 12 months, USD") == f"{expected:,.0f}"
    assert ["Omnichannel" in text, "Single channel" in text] == [True, True]


def test_segments_show_who_is_in_them(ask: Any) -> None:
    (members,) = ask(
        "select count(*) from fct_segment_membership where segment = 'high_value' and is_current"
    )
    text = text_of(shown("retention"))
    row = text[text.index(">High value<") :]
    assert f">{members:,}</td>" in row[: row.index("</tr>")]


def test_experiments_shows_each_variant_of_the_chosen_one(ask: Any) -> None:
    page = shown("experiments")
    looked_at(page.selectbox(key="experiment").select("exp-12").run())
    exposed, converted, rate = ask(
        "select sum(exposed), sum(converted), max(conversion_rate) filter (where variant = 'green')"
        " from mart_experiments where experiment_id = 'exp-12'"
    )
    text = text_of(page)
    assert tile_of(page, "Customers") == f"{exposed:,}"
    assert tile_of(page, "Bought") == f"{converted:,}"
    assert f">{rate * 100:.1f} %</td>" in text
    assert ["Blue button" in text, "Green button" in text, "News first" in text] == [True, True, False]


def test_journeys_shows_the_step_matrix(ask: Any) -> None:
    (share,) = ask(
        """
        select sum(journeys) filter (step = 'web')::double / sum(journeys)
        from mart_path_steps, publication
        where path_level = 'channel' and journey_kind = 'purchase' and step_number = 1
            and month_start_date >= date_trunc('month', run_at::date - 90)
        """
    )
    page = shown("journeys")
    looked_at(page.selectbox(key="journeys_period").select("Last 90 days").run())
    grid = figure_of(page, "journeys_steps")["data"][0]
    first_row = values_of(grid["z"])[: len(grid["x"])]
    assert grid["y"][0] == "Web"
    assert first_row[0] == pytest.approx(share)
