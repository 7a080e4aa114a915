"""Queries of the page Attribution: conversions of a period, credited by eight models."""

import pandas as pd

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
_CREDITS = f"""
    select
        channel, channel_name,
        {", ".join(f"sum(attributed_{{measure}}_{model})::double as {model}" for model in MODELS)}
    from mart_channel_performance
    inner join dim_channels using (channel)
    where date >= ? and date < ?
    group by all
    having {" + ".join(f"abs(sum(attributed_{{measure}}_{model}))" for model in MODELS)} > 0
    order by linear desc, channel
"""
_RETURN = """
    select
        {keys},
        sum(spend)::double as spend,
        sum(impressions) as impressions,
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
        end as cost_per_acquisition,
        max(reporting_currency) as reporting_currency
    from {mart}
    inner join dim_channels using (channel)
    {campaigns}
    where date >= ? and date < ?
    group by all
    having sum(spend) > 0 or sum(attributed_conversions_{model}) > 0
    order by spend desc, revenue desc, {keys}
"""


def credits_of_models(period: Period, measure: str) -> pd.DataFrame:
    """Return a row for each channel, a column for each model; `measure` is `conversions` or `revenue`."""
    assert measure in ("conversions", "revenue"), measure
    return rows(_CREDITS.format(measure=measure), (period.start, period.end))


def return_by_channel(period: Period, model: str) -> pd.DataFrame:
    """Return spend, credit, ROI (a fraction) and cost per acquisition of each channel by a model."""
    return _return(period, model, "mart_channel_performance", "channel_name", "")


def return_by_campaign(period: Period, model: str) -> pd.DataFrame:
    """Return the same of each campaign and channel."""
    campaigns = "inner join dim_campaigns using (campaign_id)"
    return _return(period, model, "mart_campaign_performance", "campaign_name, channel_name", campaigns)


def _return(period: Period, model: str, mart: str, keys: str, campaigns: str) -> pd.DataFrame:
    assert model in MODELS, model
    query = _RETURN.format(model=model, mart=mart, keys=keys, campaigns=campaigns)
    return rows(query, (period.start, period.end))
