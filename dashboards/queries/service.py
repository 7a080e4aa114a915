"""Queries of the page Service: support cases that were opened in a period, on a channel or on any."""

from dataclasses import dataclass

import pandas as pd

from dashboards.figures import figures, values
from dashboards.periods import Period
from dashboards.publication import rows

ANY = "any"
_CASES = """
    cases as (
        select *, split_part(channel_path, ' > ', 1) as opened_on
        from fct_support_cases
        where opened_at >= ? and opened_at < ? and (? = 'any' or split_part(channel_path, ' > ', 1) = ?)
    )
"""
_TOTALS = (
    "cases",
    "case_contacts",
    "first_contact_resolution",
    "repeat_contact_rate",
    "median_first_reply_minutes",
    "median_resolution_minutes",
    "csat",
    "bot_containment_rate",
)
_OF_CHANNELS = (
    "cases",
    "median_first_reply_minutes",
    "median_first_human_reply_minutes",
    "median_resolution_minutes",
    "repeat_contact_rate",
    "csat",
)
_MOVED = f"""
    with {_CASES}
    select
        opened_on as channel,
        median(resolution_business_minutes) as resolution_business_minutes,
        avg((handoffs > 0)::int) as moved_share
    from cases
    group by all
"""
_REASONS = f"""
    with {_CASES}
    select
        reason,
        count(*) as cases,
        sum(contacts) as contacts,
        avg(is_first_contact_resolution::int) as first_contact_share,
        avg((repeats > 0)::int) as repeat_share,
        avg(is_repeated_ask::int) as repeated_ask_share,
        median(requester_wait_minutes) as requester_wait_minutes,
        avg(csat) as csat
    from cases
    group by all
    order by cases desc, reason
"""
_LEVELS = f"""
    with {_CASES}
    select
        cases.priority,
        mart_service_levels.service_level,
        count(*) as cases,
        count(*) filter (outcome = 'breached') as breached,
        count(*) filter (outcome = 'running') as running,
        count(*) filter (outcome = 'breached')::double / count(*) as breached_share,
        median(target_minutes) as target_minutes
    from mart_service_levels
    inner join cases using (case_id)
    group by all
    order by breached desc, cases.priority, service_level
"""
_BEFORE = """
    select
        friction_type, friction_channel,
        count(*) as episodes,
        count(*) filter (contacts > 0)::double / count(*) as contact_share,
        median(hours_to_contact) * 60 as minutes_to_contact,
        count(*) filter (low_ratings > 0)::double / count(*) as low_rating_share
    from fct_friction_episodes
    where started_at >= ? and started_at < ? and friction_type <> 'ticket_opened'
    group by all
    order by episodes desc, friction_type, friction_channel
"""
_MOVES = f"""
    with {_CASES}
    select
        from_channel, to_channel,
        count(*) as handoffs,
        count(*) filter (outcome = 'continued') as continued,
        count(*) filter (outcome = 'restarted') as restarted,
        count(*) filter (outcome = 'restarted')::double / count(*) as restarted_share
    from fct_journey_transitions
    inner join cases using (journey_id)
    where is_handoff
    group by all
    order by restarted desc, handoffs desc, from_channel, to_channel
"""
_BACKLOG = """
    with
    days as (
        select unnest(generate_series(?::timestamp, ?::timestamp - interval 1 day, interval 1 day)) as day
    ),
    cases as (
        select opened_at, resolved_at
        from fct_support_cases
        where ? = 'any' or split_part(channel_path, ' > ', 1) = ?
    )
    select
        day::date as day,
        count(*) filter (
            opened_at < day + interval 1 day and coalesce(resolved_at >= day + interval 1 day, true)
        ) as open_cases,
        count(*) filter (opened_at >= day and opened_at < day + interval 1 day) as opened,
        count(*) filter (resolved_at >= day and resolved_at < day + interval 1 day) as resolved
    from days, cases
    group by all
    order by day
"""
_OPEN = """
    select
        case_id, customer_id, opened_at, channel_path, reason, priority, contacts, repeats, sentiment_last,
        epoch((select run_at from publication) - opened_at) / 60 as age_minutes,
        first_reply_at is null as waits
    from fct_support_cases
    where status = 'open' and (? = 'any' or split_part(channel_path, ' > ', 1) = ?)
    order by opened_at, case_id
    limit 100
"""
_OPENED_ON = """
    select split_part(channel_path, ' > ', 1) as opened_on
    from fct_support_cases
    where channel_path is not null
    group by all
    order by count(*) desc, opened_on
"""


@dataclass(frozen=True)
class Filters:
    """A selection of cases: opened in `period`, on the channel `opened_on` or any."""

    period: Period
    opened_on: str = ANY

    @property
    def parameters(self) -> tuple[object, ...]:
        """The parameters of the queries that begin with cases."""
        return (self.period.start, self.period.end, self.opened_on, self.opened_on)

    @property
    def where(self) -> list[str]:
        """The condition of the metrics; `opened_on` is one of `channels()`, never typed input."""
        return [] if self.opened_on == ANY else [f"{{{{ Entity('channel') }}}} = '{self.opened_on}'"]


def channels() -> list[str]:
    """Return the channels on which cases are opened, the most frequent first."""
    return list(rows(_OPENED_ON)["opened_on"])


def totals(filters: Filters) -> dict[str, float | None]:
    """Return metrics of the cases by name, and `orders`: those of the period on all channels."""
    found = values(_TOTALS, where=filters.where, period=filters.period)
    return found | values(["orders"], period=filters.period)


def by_channel(filters: Filters) -> pd.DataFrame:
    """Return a row for each channel on which cases were opened."""
    found = figures(_OF_CHANNELS, group_by=["channel"], where=filters.where, period=filters.period)
    moved = rows(_MOVED, filters.parameters)
    return found.merge(moved, how="left").sort_values(["cases", "channel"], ascending=[False, True])


def reasons(filters: Filters) -> pd.DataFrame:
    """Return a row for each reason for contact."""
    return rows(_REASONS, filters.parameters)


def service_levels(filters: Filters) -> pd.DataFrame:
    """Return a row for each priority and service level: how often it was breached."""
    return rows(_LEVELS, filters.parameters)


def friction(filters: Filters) -> pd.DataFrame:
    """Return the friction of the period, and how often customers then made contact."""
    return rows(_BEFORE, (filters.period.start, filters.period.end))


def moves(filters: Filters) -> pd.DataFrame:
    """Return a row for each change of channel within a case."""
    return rows(_MOVES, filters.parameters)


def backlog(filters: Filters) -> pd.DataFrame:
    """Return a row for each day: cases open at its end, opened and resolved on it."""
    return rows(_BACKLOG, filters.parameters)


def open_cases(filters: Filters) -> pd.DataFrame:
    """Return the open cases, the oldest first, whenever they were opened."""
    return rows(_OPEN, (filters.opened_on, filters.opened_on))
