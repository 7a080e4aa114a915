"""Queries of the page Attribution: conversions of a period, credited by eight models."""

import pandas as pd

from dashboards.figures import figures
from dashboards.periods import Period
from dashboards.publication import rows

MODELS = {
    "first_touch": "First touch",
    "last_touch": "Last touch",
    "last_non_direct": "Last not direct",
    "linear": "Linear",
    "position_based": "40/20/40",
    "time_decay": "Time decay",
    "markov": "Markov",
    "shapley": "Shapley",
}
_CAMPAIGNS = """
    select
        campaign_name, channel_name,
        sum(spend)::double as spend,
        sum(clicks) as clicks,
        sum(attributed_conversions_{model}) as conversions,
        sum(attributed_revenue_{model})::double as revenue,
        case
            when sum(spend) > 0
                then (sum(attributed_revenue_{model}) - sum(spend))::double / sum(spend)::double
        end as roi,
        case
            when sum(spend) > 0 and sum(attributed_conversions_{model}) > 0
                then sum(spend)::double / sum(attributed_conversions_{model})
        end as cost_per_acquisition
    from mart_campaign_performance
    inner join dim_channels using (channel)
    inner join dim_campaigns using (campaign_id)
    where date >= ? and date < ?
    group by all
    having sum(spend) > 0 or sum(attributed_conversions_{model}) > 0
    order by spend desc, revenue desc, campaign_name, channel_name
"""


def credits_of_models(period: Period, measure: str) -> pd.DataFrame:
    """Return a row for each channel, a column for each model; `measure` is `conversions` or `revenue`."""
    names = {f"attributed_{measure}_{model}": model for model in MODELS}
    found = figures(list(names), group_by=["channel"], period=period).rename(columns=names)
    found[list(MODELS)] = found[list(MODELS)].astype(float).fillna(0)
    found = found[found[list(MODELS)].abs().sum(axis="columns") > 0]
    named = found.merge(rows("select channel, channel_name from dim_channels"))
    return named.sort_values(["linear", "channel"], ascending=[False, True])


def return_by_channel(period: Period, model: str) -> pd.DataFrame:
    """Return spend, credit, return (a fraction) and cost per acquisition of each channel with spend."""
    names = {
        "ad_spend": "spend",
        "ad_clicks": "clicks",
        f"attributed_conversions_{model}": "conversions",
        f"attributed_revenue_{model}": "revenue",
        f"roi_{model}": "roi",
        f"cost_per_acquisition_{model}": "cost_per_acquisition",
    }
    found = figures(list(names), group_by=["channel"], period=period).rename(columns=names)
    named = found[found["spend"] > 0].merge(rows("select channel, channel_name from dim_channels"))
    return named.sort_values("spend", ascending=False)


def return_by_campaign(period: Period, model: str) -> pd.DataFrame:
    """Return the same for each campaign and channel, including those without cost."""
    assert model in MODELS, model
    return rows(_CAMPAIGNS.format(model=model), (period.start, period.end))


def currency() -> str:
    """Return the reporting currency; empty if nothing has a price."""
    found = rows("select max(reporting_currency) as currency from mart_channel_performance")["currency"].iloc[
        0
    ]
    return str(found or "")
