"""Queries of the page Journeys: purchase journeys that started in a period, with filters."""

from dataclasses import dataclass

import pandas as pd

from dashboards.figures import values
from dashboards.periods import Period
from dashboards.publication import rows

ANY = "any"
SEVERAL = "several channels"
REACHES = {ANY: "true", "one channel": "channels = 1", SEVERAL: "channels > 1"}
_TOTALS = ("purchase_journeys", "converted_journeys", "journey_conversion_rate", "cross_channel_share")

_JOURNEYS = """
    journeys as (
        select * from fct_journeys
        where
            kind = 'purchase' and channel_path is not null
            and started_at >= ? and started_at < ?
            and (? = 'any' or entry_channel = ?)
            and {reach}
    )
"""
_PATHS = """
    with {journeys}
    select
        channel_path, status,
        count(*) as journeys,
        sum(revenue_reporting)::double as revenue,
        median(epoch(converted_at - started_at)) / 60 as median_minutes
    from journeys
    group by all
    order by journeys desc, channel_path
"""
_HANDOFFS = """
    with {journeys}
    select
        from_channel, to_channel,
        count(*) as handoffs,
        count(*) filter (outcome = 'continued') as continued,
        count(*) filter (outcome = 'restarted') as restarted,
        count(*) filter (outcome = 'unlinked') as unlinked,
        median(gap_seconds) / 60 as median_minutes
    from fct_journey_transitions
    inner join journeys using (journey_id)
    where is_handoff
    group by all
    order by handoffs desc, from_channel, to_channel
"""
_TIMES = """
    with {journeys}
    select
        case
            when hours <= 1 then '1 hour'
            when hours <= 24 then '1 day'
            when hours <= 72 then '3 days'
            when hours <= 168 then '1 week'
            when hours <= 336 then '2 weeks'
            when hours <= 720 then '1 month'
            else 'longer'
        end as within,
        min(hours) as shortest,
        count(*) as journeys
    from (select epoch(converted_at - started_at) / 3600 as hours from journeys where status = 'converted')
    group by all
    order by shortest
"""
_FUNNEL = """
    select
        stage,
        sum(journeys_reached) as reached,
        sum(journeys_dropped_off) as dropped_off,
        sum(journeys_converted) as converted,
        sum(journeys_still_open) as still_open,
        sum(journeys_dropped_off)::double / sum(journeys_reached) as drop_off_rate,
        sum(median_hours_to_next * journeys_continued)
            / nullif(sum(journeys_continued) filter (median_hours_to_next is not null), 0) * 60 as minutes_to_next
    from mart_journey_funnel
    where week_start_date >= ? and week_start_date < ? and (? = 'any' or entry_channel = ?)
    group by stage, stage_order
    order by stage_order
"""
_OF_MONTHS = """
    month_start_date >= date_trunc('month', ?::date) and month_start_date < ? and journey_kind = 'purchase'
    and (? = 'any' or entry_channel = ?)
"""
_STEPS = f"""
    select
        step_number, step,
        sum(journeys)::double / sum(sum(journeys)) over (partition by step_number) as share
    from mart_path_steps
    where path_level = 'channel' and step_number <= 8 and {_OF_MONTHS}
    group by step_number, step
    order by step_number, share desc, step
"""
_LAST_STEPS = f"""
    select
        from_step as step,
        sum(transitions) as times,
        sum(transitions) filter (to_step = '(abandoned)') as dropped_off,
        sum(transitions) filter (to_step = '(abandoned)')::double / sum(transitions) as drop_off_rate
    from mart_path_transitions
    where path_level = 'touchpoint' and from_step <> '(start)' and {_OF_MONTHS}
    group by all
    having dropped_off > 0
    order by dropped_off desc, step
"""
_ENTRIES = """
    select entry_channel
    from fct_journeys
    where kind = 'purchase' and entry_channel is not null
    group by all
    order by count(*) desc, entry_channel
"""


@dataclass(frozen=True)
class Filters:
    """A selection of journeys: start in `period`, entry channel (or any), number of channels (REACHES)."""

    period: Period
    entry: str = ANY
    reach: str = ANY

    @property
    def where(self) -> list[str]:
        """The conditions of the metrics; `entry` is one of `entry_channels()`, never typed input."""
        found = ["{{ Dimension('journey__kind') }} = 'purchase'"]
        if self.entry != ANY:
            found.append(f"{{{{ Dimension('journey__entry_channel') }}}} = '{self.entry}'")
        if self.reach != ANY:
            found.append(f"{{{{ Dimension('journey__is_cross_channel') }}}} = {self.reach == SEVERAL}")
        return found


def entry_channels() -> list[str]:
    """Return the channels on which purchase journeys begin, the most frequent first."""
    return list(rows(_ENTRIES)["entry_channel"])


def totals(filters: Filters) -> dict[str, float | None]:
    """Return metrics of the journeys by name."""
    return values(_TOTALS, where=filters.where, period=filters.period)


def paths(filters: Filters) -> pd.DataFrame:
    """Return a row for each channel path and status."""
    return _of(_PATHS, filters)


def handoffs(filters: Filters) -> pd.DataFrame:
    """Return a row for each pair of channels with its handoffs by outcome."""
    return _of(_HANDOFFS, filters)


def times_to_convert(filters: Filters) -> pd.DataFrame:
    """Return the number of converted journeys by time to convert, the shortest first."""
    return _of(_TIMES, filters)


def funnel(filters: Filters) -> pd.DataFrame:
    """Return a row for each stage, of journeys on any number of channels."""
    return _of_months(_FUNNEL, filters)


def steps(filters: Filters) -> pd.DataFrame:
    """Return the share of journeys for each number of a step and channel or outcome, by the month of their start."""
    return _of_months(_STEPS, filters)


def last_steps(filters: Filters) -> pd.DataFrame:
    """Return a row for each type of touchpoint: how often it was the last of a journey that was abandoned."""
    return _of_months(_LAST_STEPS, filters)


def _of_months(query: str, filters: Filters) -> pd.DataFrame:
    period = filters.period
    return rows(query, (period.start, period.end, filters.entry, filters.entry))


def _of(query: str, filters: Filters) -> pd.DataFrame:
    journeys = _JOURNEYS.format(reach=REACHES[filters.reach])
    period = filters.period
    return rows(query.format(journeys=journeys), (period.start, period.end, filters.entry, filters.entry))
