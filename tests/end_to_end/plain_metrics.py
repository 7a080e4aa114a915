"""What each metric is in plain SQL, written from the marts' documentation and not from the metrics' YAML."""

from collections.abc import Mapping
from typing import Any

import duckdb

from tests.end_to_end.plain_order_metrics import ORDER_METRICS
from tests.end_to_end.plain_sources import (
    APPLICATIONS,
    BOOKINGS,
    CAMPAIGN_DAYS,
    CARTS,
    CASES,
    CHANNEL_DAYS,
    CONFLICTS,
    CUSTOMER_MONTHS,
    CUSTOMERS,
    EPISODES,
    EXPOSED,
    EXPOSURES,
    FEEDS,
    FUNNEL,
    HANDOFFS,
    IDENTITY_RUNS,
    JOURNEYS,
    LATE,
    LOYALTY,
    MEMBERSHIPS,
    OUTREACH,
    RETENTION,
    SCORECARD_DAYS,
    SESSIONS,
    TOUCHPOINTS,
    VALUES,
    Source,
)
from tests.end_to_end.plain_sql import Combined, Plain, count, ratio

COUNTED = "not is_bot and not is_internal"


def _attribution() -> dict[str, Plain | Combined]:
    metrics: dict[str, Plain | Combined] = {}
    models = "first_touch last_touch last_non_direct linear position_based time_decay markov shapley"
    for source, credited, spend in (
        (CHANNEL_DAYS, "attributed", "ad"),
        (CAMPAIGN_DAYS, "campaign", "campaign"),
    ):
        of = "" if source is CHANNEL_DAYS else "campaign_"
        for model in models.split():
            for measure in ("conversions", "revenue"):
                metrics[f"{credited}_{measure}_{model}"] = Plain(source, f"sum(attributed_{measure}_{model})")
            metrics[f"{of}cost_per_acquisition_{model}"] = ratio(
                f"{spend}_spend", f"{credited}_conversions_{model}"
            )
            metrics[f"{of}roi_{model}"] = Plain(
                source, f"sum(attributed_revenue_{model} - spend)::double / nullif(sum(spend), 0)::double"
            )
    return metrics


METRICS: Mapping[str, Plain | Combined] = {
    **ORDER_METRICS,
    "revenue": Plain(CHANNEL_DAYS, "sum(revenue)"),
    "returned_revenue": Plain(CHANNEL_DAYS, "sum(returned)"),
    "cancelled_revenue": Plain(CHANNEL_DAYS, "sum(cancelled)"),
    "exchange_revenue": Plain(CHANNEL_DAYS, "sum(exchange_revenue)"),
    "net_revenue": Plain(CHANNEL_DAYS, "sum(revenue - returned - cancelled + exchange_revenue)"),
    "ad_spend": Plain(CHANNEL_DAYS, "sum(spend)"),
    "ad_impressions": Plain(CHANNEL_DAYS, "sum(impressions)"),
    "ad_clicks": Plain(CHANNEL_DAYS, "sum(clicks)"),
    "cost_per_click": ratio("ad_spend", "ad_clicks"),
    "conversions": Plain(CHANNEL_DAYS, "sum(conversions)"),
    "contacts_caused": Plain(CHANNEL_DAYS, "sum(contacts_caused)"),
    "contact_rate": ratio("contacts_caused", "reached_customers"),
    "contacts_caused_per_order": ratio("contacts_caused", "orders"),
    "campaign_spend": Plain(CAMPAIGN_DAYS, "sum(spend)"),
    "campaign_impressions": Plain(CAMPAIGN_DAYS, "sum(impressions)"),
    "campaign_clicks": Plain(CAMPAIGN_DAYS, "sum(clicks)"),
    **_attribution(),
    "touchpoints": count(TOUCHPOINTS, COUNTED),
    "reached_customers": Plain(TOUCHPOINTS, f"count(distinct customer_id) filter (where {COUNTED})"),
    "active_customers": Plain(
        TOUCHPOINTS, f"count(distinct customer_id) filter (where {COUNTED} and direction = 'inbound')"
    ),
    "active_identified_customers": Plain(
        TOUCHPOINTS,
        f"count(distinct customer_id) filter (where {COUNTED} and direction = 'inbound' and is_identified)",
    ),
    "friction_touchpoints": count(TOUCHPOINTS, f"{COUNTED} and is_friction"),
    "friction_rate": ratio("friction_touchpoints", "touchpoints"),
    "identified_touchpoints": count(TOUCHPOINTS, f"{COUNTED} and is_identified"),
    "identified_share": ratio("identified_touchpoints", "touchpoints"),
    "stitched_touchpoints": count(TOUCHPOINTS, f"{COUNTED} and is_identified and identity_tier in (2, 3)"),
    "identity_stitch_rate": ratio("stitched_touchpoints", "touchpoints"),
    "nps_answers": Plain(TOUCHPOINTS, f"count(nps) filter (where {COUNTED})"),
    "nps_promoters_less_detractors": Plain(
        TOUCHPOINTS,
        f"count(*) filter (where {COUNTED} and nps in (9, 10)) - count(*) filter (where {COUNTED} and nps < 7)",
    ),
    "nps": ratio("nps_promoters_less_detractors", "nps_answers"),
    "sessions": count(SESSIONS, "true"),
    "session_conversions": Plain(SESSIONS, "sum(conversions)"),
    "conversion_rate": ratio("session_conversions", "sessions"),
    "bounced_sessions": count(SESSIONS, "is_bounced"),
    "bounce_rate": ratio("bounced_sessions", "sessions"),
    "page_views": Plain(SESSIONS, "sum(views)"),
    "session_minutes": Plain(SESSIONS, "avg(engaged_seconds) / 60"),
    "customers": count(CUSTOMERS, "not is_internal"),
    "identified_customers": count(CUSTOMERS, "not is_internal and is_identified"),
    "new_customers": count(CUSTOMERS, "not is_internal and is_identified and acquisition_channel <> ''"),
    "buyers": count(CUSTOMERS, "not is_internal and greatest(orders, bookings, applications) >= 1"),
    "repeat_buyers": count(CUSTOMERS, "not is_internal and orders + bookings + applications >= 2"),
    "repeat_rate": ratio("repeat_buyers", "buyers"),
    "customers_with_email_consent_known": count(
        CUSTOMERS, "not is_internal and is_identified and consent_email in (true, false)"
    ),
    "customers_with_sms_consent_known": count(
        CUSTOMERS, "not is_internal and is_identified and consent_sms in (true, false)"
    ),
    "customers_who_allow_email": count(
        CUSTOMERS, "not is_internal and is_identified and consent_email = true"
    ),
    "customers_who_allow_sms": count(CUSTOMERS, "not is_internal and is_identified and consent_sms = true"),
    "email_consent_coverage": ratio("customers_with_email_consent_known", "identified_customers"),
    "sms_consent_coverage": ratio("customers_with_sms_consent_known", "identified_customers"),
    "email_opt_in_rate": ratio("customers_who_allow_email", "customers_with_email_consent_known"),
    "sms_opt_in_rate": ratio("customers_who_allow_sms", "customers_with_sms_consent_known"),
    "cohort_customers": Plain(RETENTION, "coalesce(sum(customers) filter (where month_number >= 1), 0)"),
    "retained_customers": Plain(RETENTION, "coalesce(sum(retained) filter (where month_number >= 1), 0)"),
    "retention_rate": ratio("retained_customers", "cohort_customers"),
    "cohort_net_revenue": Plain(RETENTION, "sum(net_revenue)"),
    "customer_months": Plain(CUSTOMER_MONTHS, "sum(customers)"),
    "customer_month_net_revenue": Plain(CUSTOMER_MONTHS, "sum(net_revenue)"),
    "net_revenue_per_customer_month": ratio("customer_month_net_revenue", "customer_months"),
    "finished_customer_months": Plain(
        CUSTOMER_MONTHS, "coalesce(sum(customers) filter (where retention_rate is not null), 0)"
    ),
    "returned_customer_months": Plain(
        CUSTOMER_MONTHS, "coalesce(sum(retained) filter (where retention_rate is not null), 0)"
    ),
    "next_month_retention_rate": ratio("returned_customer_months", "finished_customer_months"),
    "expected_value": Plain(VALUES, "sum(expected_value_12m)"),
    "valued_customers": count(VALUES, "true"),
    "expected_value_per_customer": Plain(VALUES, "avg(expected_value_12m)"),
    "segment_entries": count(MEMBERSHIPS, "true"),
    "segment_members": count(MEMBERSHIPS, "left_at is null"),
    "segment_exits": count(MEMBERSHIPS, "left_at is not null"),
    "segment_exit_rate": ratio("segment_exits", "segment_entries"),
    "journeys": count(JOURNEYS, "kind in ('purchase', 'service')"),
    "purchase_journeys": count(JOURNEYS, "kind = 'purchase'"),
    "converted_journeys": count(JOURNEYS, "kind = 'purchase' and status = 'converted'"),
    "abandoned_journeys": count(JOURNEYS, "kind = 'purchase' and status = 'abandoned'"),
    "cross_channel_journeys": count(JOURNEYS, "kind in ('purchase', 'service') and channels >= 2"),
    "cross_channel_share": ratio("cross_channel_journeys", "journeys"),
    "days_to_convert": Plain(JOURNEYS, "avg(time_to_convert_days)"),
    "median_days_to_convert": Plain(JOURNEYS, "median(time_to_convert_days)"),
    "journey_conversion_rate": ratio("converted_journeys", "purchase_journeys"),
    "handoffs": count(HANDOFFS, "is_handoff"),
    "handoffs_continued": count(HANDOFFS, "outcome = 'continued'"),
    "handoffs_restarted": count(HANDOFFS, "outcome = 'restarted'"),
    "handoffs_decided": count(HANDOFFS, "outcome <> 'unlinked'"),
    "continuity_rate": Combined(
        ("handoffs_continued", "handoffs_restarted"), lambda c, r: c / (c + r) if c + r else None
    ),
    "stages_reached": Plain(FUNNEL, "sum(journeys_reached)"),
    "stages_dropped_off": Plain(FUNNEL, "sum(journeys_dropped_off)"),
    "drop_off_rate": Plain(FUNNEL, "sum(journeys_dropped_off) / nullif(sum(journeys_reached), 0)"),
    "messages_sent": Plain(OUTREACH, "sum(sent)"),
    "messages_delivered": Plain(OUTREACH, "sum(delivered)"),
    "messages_opened": Plain(OUTREACH, "sum(opened)"),
    "messages_clicked": Plain(OUTREACH, "sum(clicked)"),
    "messages_answered": Plain(OUTREACH, "sum(responded)"),
    "delivery_rate": ratio("messages_delivered", "messages_sent"),
    "open_rate": ratio("messages_opened", "messages_delivered"),
    "click_rate": ratio("messages_clicked", "messages_delivered"),
    "response_rate": ratio("messages_answered", "messages_sent"),
    "cases": count(CASES, "true"),
    "open_cases": count(CASES, "resolved_at is null"),
    "resolved_cases": count(CASES, "resolved_at is not null"),
    "first_contact_resolutions": count(
        CASES, "status = 'resolved' and contacts < 2 and repeats < 1 and reopened < 1"
    ),
    "first_contact_resolution": ratio("first_contact_resolutions", "resolved_cases"),
    "repeat_cases": count(CASES, "repeats >= 1"),
    "repeat_contact_rate": ratio("repeat_cases", "cases"),
    "reopened_cases": count(CASES, "reopened >= 1"),
    "reopened_rate": ratio("reopened_cases", "cases"),
    "bot_cases": count(CASES, "is_bot_involved"),
    "bot_contained_cases": count(CASES, "bot_contained"),
    "bot_containment_rate": ratio("bot_contained_cases", "bot_cases"),
    "case_contacts": Plain(CASES, "sum(contacts)"),
    "contacts_per_case": Plain(CASES, "avg(contacts)"),
    "csat": Plain(CASES, "avg(csat)"),
    "rated_cases": Plain(CASES, "count(csat)"),
    "first_reply_minutes": Plain(CASES, "avg(first_reply_minutes)"),
    "median_first_reply_minutes": Plain(CASES, "median(first_reply_minutes)"),
    "median_first_human_reply_minutes": Plain(CASES, "median(first_human_reply_minutes)"),
    "median_first_reply_business_minutes": Plain(CASES, "median(first_reply_business_minutes)"),
    "p90_first_reply_minutes": Plain(CASES, "quantile_cont(first_reply_minutes, 0.9)"),
    "median_requester_wait_minutes": Plain(CASES, "median(requester_wait_minutes)"),
    "repeated_ask_cases": count(CASES, "is_repeated_ask"),
    "repeated_ask_rate": ratio("repeated_ask_cases", "cases"),
    "one_touch_cases": count(CASES, "replies < 2 and resolved_at is not null"),
    "one_touch_rate": ratio("one_touch_cases", "resolved_cases"),
    "late_resolutions": count(CASES, "resolution_business_minutes > resolution_target_minutes"),
    "late_resolution_rate": ratio("late_resolutions", "resolved_cases"),
    "median_resolution_minutes": Plain(CASES, "median(resolution_minutes)"),
    "cost_to_serve": Plain(SCORECARD_DAYS, "sum(cost_to_serve)"),
    "served_visits": Plain(SCORECARD_DAYS, "sum(visits)"),
    "cost_to_serve_per_visit": ratio("cost_to_serve", "served_visits"),
    "exposed_customers": count(EXPOSURES, "true"),
    "converted_exposures": count(EXPOSURES, "purchases > 0"),
    "experiment_revenue": Plain(EXPOSURES, "sum(revenue_reporting)"),
    "experiment_conversion_rate": ratio("converted_exposures", "exposed_customers"),
    "friction_episodes": count(EPISODES, "true"),
    "friction_episodes_with_contact": count(EPISODES, "contacts >= 1"),
    "friction_contact_share": ratio("friction_episodes_with_contact", "friction_episodes"),
    "hours_since_last_record": Plain(FEEDS, "min(silent_hours)"),
    "hours_since_last_record_longest": Plain(FEEDS, "max(silent_hours)"),
    "silent_feeds": count(FEEDS, "is_silent"),
    "late_records": Plain(LATE, "sum(records)"),
    "late_revenue": Plain(LATE, "sum(revenue)"),
    "carts": count(CARTS, "true"),
    "bought_carts": count(CARTS, "bought_at is not null"),
    "abandoned_carts": count(CARTS, "abandoned_at is not null"),
    "closed_carts": count(CARTS, "coalesce(bought_at, abandoned_at) is not null"),
    "cart_abandonment_rate": ratio("abandoned_carts", "closed_carts"),
    "resumed_carts": count(CARTS, "resumed_at is not null"),
    "points_earned": Plain(LOYALTY, "coalesce(sum(points) filter (where kind = 'earn'), 0)"),
    "points_redeemed": Plain(LOYALTY, "coalesce(-sum(points) filter (where kind = 'redeem'), 0)"),
    "points_reversed": Plain(LOYALTY, "coalesce(-sum(points) filter (where kind = 'reverse'), 0)"),
    "loyalty_entries_below_zero": count(LOYALTY, "least(balance, stored_value_balance) < 0"),
    "redemption_rate": ratio("points_redeemed", "points_earned"),
    "started_bookings": count(BOOKINGS, "true"),
    "bookings": Plain(BOOKINGS, "count(booked_on)"),
    "booking_completion_rate": ratio("bookings", "started_bookings"),
    "started_applications": count(APPLICATIONS, "true"),
    "applications": Plain(APPLICATIONS, "count(submitted_on)"),
    "application_completion_rate": ratio("applications", "started_applications"),
    "conflicts": count(CONFLICTS, "true"),
    "customers_exposed_to_conflicts": Plain(EXPOSED, "count(distinct customer_id)"),
    "people_founded": Plain(IDENTITY_RUNS, "sum(people_founded)"),
    "people_merged": Plain(IDENTITY_RUNS, "sum(people_merged)"),
    "people_split": Plain(IDENTITY_RUNS, "sum(people_split)"),
}


def sources_of(metric: str) -> tuple[Source, ...]:
    """Return the marts that a metric is computed from."""
    plain = METRICS[metric]
    if isinstance(plain, Plain):
        return (plain.source,)
    return tuple(source for part in plain.parts for source in sources_of(part))


def groupings_of(metric: str) -> list[str]:
    """Return how a metric can be grouped: in all ways that its marts have in common."""
    ways = [source.groupings for source in sources_of(metric)]
    return [way for way in ways[0] if all(way in others for others in ways)]


def computed(marts: duckdb.DuckDBPyConnection, metric: str, grouping: str) -> dict[Any, float | None]:
    """Compute a metric in plain SQL; return values by group."""
    plain = METRICS[metric]
    if isinstance(plain, Plain):
        key = plain.source.groupings[grouping]
        rows = marts.execute(
            f"select {key}, {plain.expression} from {plain.source.table} as t group by 1"
        ).fetchall()
        return {key: None if value is None else float(value) for key, value in rows}
    parts = [computed(marts, part, grouping) for part in plain.parts]
    keys = {key for part in parts for key in part}
    return {key: plain.combine(*(part.get(key) for part in parts)) for key in keys}
