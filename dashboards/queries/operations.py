"""Queries of the page Operations. The runs themselves come from Dagster."""

import pandas as pd

from dashboards.publication import rows

_LOADS = """
    select
        loaded_at, source_system,
        sum(records_read) as records_read,
        sum(records_loaded) as records_loaded,
        sum(records_duplicate) as records_duplicate,
        sum(records_rejected) as records_rejected
    from mart_loads
    where loaded_at in (select distinct loaded_at from mart_loads order by loaded_at desc limit 5)
    group by all
    order by loaded_at desc, source_system
"""
_COMPLETENESS = """
    select
        source_system, location_id, coalesce(location_name, location_id) as location, last_record_at, records,
        has_rhythm, expected_every_hours * 60 as expected_every_minutes, silent_hours * 60 as silent_minutes,
        is_silent, days_missing, message
    from mart_completeness
    order by is_silent desc nulls last, location_id <> '(all)', days_missing desc nulls last, source_system, location
"""
_ALERTS = """
    with
    broken as (
        select alert, channel, count(*) filter (is_alert) as broken_days
        from mart_business_alerts
        group by all
    )
    select alert_name, channel, rule, metric_value, usual_value, threshold, broken_days, is_alert, message
    from mart_business_alerts
    inner join broken using (alert, channel)
    where is_latest
    order by is_alert desc, broken_days desc, alert, channel
"""
_LATE = """
    select
        source_system, record_type, coalesce(location_name, nullif(location_id, '(none)')) as location,
        sum(records) as records,
        max(longest_hours_late) * 60 as longest_minutes_late,
        count(distinct occurred_on) as days,
        sum(conversions) as conversions,
        sum(revenue)::double as revenue,
        max(loaded_at) as last_loaded_at
    from mart_late_arrivals
    left join dim_locations using (location_id)
    group by all
    order by records desc, source_system, record_type, location
"""
_RESTATEMENTS = """
    select
        restated_at, date, mart, measure,
        value_before::double as value_before, value_after::double as value_after, cause
    from restatements
    order by restated_at desc, date desc, mart, measure
    limit 200
"""
_REJECTS = """
    select source_system, table_name, reason, records, first_rejected_at, last_rejected_at
    from mart_rejects
    order by records desc, source_system, table_name, reason
"""
_DRIFT = """
    select source_system, object, field, value_type, drift, first_seen_at, records, read_by
    from mart_schema_drift
    where drift <> 'none'
    order by
        drift = 'vanished' desc, is_read desc, first_seen_at desc, records desc,
        source_system, object, field, value_type
"""
_MAPPING = """
    select
        source_system,
        sum(records) as records,
        sum(records) filter (is_known)::double / sum(records) as known_share,
        count(*) filter (not is_known) as unknown_events
    from mart_mapping_coverage
    where event_source <> 'support_channels'
    group by all
    order by source_system
"""
_UNKNOWN = """
    select source_system, event, records, last_seen_at
    from mart_mapping_coverage
    where not is_known
    order by records desc, source_system, event
"""


def loads() -> pd.DataFrame:
    """Return what the last five runs read, a row for each source."""
    return rows(_LOADS)


def completeness() -> pd.DataFrame:
    """Return a row for each source, and for each source and location; silent ones first."""
    return rows(_COMPLETENESS)


def business_alerts() -> pd.DataFrame:
    """Return each business rule with its figure of the latest complete day; broken ones first."""
    return rows(_ALERTS)


def late_arrivals() -> pd.DataFrame:
    """Return what came more than a day late, by source, kind of record and location."""
    return rows(_LATE)


def restatements() -> pd.DataFrame:
    """Return the figures of closed days that have changed, and why; the latest first."""
    return rows(_RESTATEMENTS)


def rejects() -> pd.DataFrame:
    """Return how many records could not be loaded, and why."""
    return rows(_REJECTS)


def schema_drift() -> pd.DataFrame:
    """Return the fields that are new, have a new type or have vanished; those that models read first."""
    return rows(_DRIFT)


def mapping() -> pd.DataFrame:
    """Return for each source the share of its records whose event has a meaning in the seeds."""
    return rows(_MAPPING)


def unknown_events() -> pd.DataFrame:
    """Return the events without a meaning in the seeds."""
    return rows(_UNKNOWN)
