"""The marts that metrics come from, and in plain SQL what their metrics can be grouped by."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A mart; `groupings` are three ways to group its metrics: as a query names them, and as SQL does."""

    table: str
    groupings: Mapping[str, str]


def _month(day: str) -> str:
    return f"date_trunc('month', {day})"


def _of(dimension: str, table: str, key: str, column: str) -> str:
    return f"(select {dimension} from {table} as d where d.{key} = {column})"


def _channels(table: str, day: str, channel: str) -> Source:
    """Return a mart that has days and channels, in a table that joins to nothing else."""
    group = _of("channel_group", "dim_channels", "channel", channel)
    ways = {"metric_time__month": _month(day), "channel": channel, "channel__channel_group": group}
    return Source(table, ways)


CASE_CHANNEL = "string_split(channel_path, ' > ')[1]"

ORDERS = Source(
    "fct_orders",
    {
        **_channels("fct_orders", "ordered_on", "t.channel_sold").groupings,
        "location__location_kind": _of("location_kind", "dim_locations", "location_id", "t.location_id"),
        "customer__kind": _of("kind", "dim_customers", "customer_id", "t.customer_id"),
    },
)
SALE_IDENTIFICATION = Source(
    "mart_sale_identification",
    {
        "metric_time__month": _month("month_start_date"),
        "location__location_kind": _of("location_kind", "dim_locations", "location_id", "t.location_id"),
        "place_month__identified_by": "identified_by",
    },
)
CHANNEL_DAYS = _channels("mart_channel_performance", "date", "t.channel")
CAMPAIGN_DAYS = Source(
    "mart_campaign_performance",
    {**_channels("mart_campaign_performance", "date", "t.channel").groupings, "campaign": "campaign_id"},
)
TOUCHPOINTS = _channels("fct_touchpoints", "local_date", "t.channel")
SESSIONS = Source(
    "fct_sessions",
    {**_channels("fct_sessions", "local_date", "t.channel").groupings, "session__medium": "medium"},
)
CUSTOMERS = Source(
    "dim_customers",
    {
        "metric_time__month": _month("first_touchpoint_at"),
        "channel": "acquisition_channel",
        "customer__kind": "kind",
    },
)
RETENTION = _channels("mart_retention", "month_start_date", "t.acquisition_channel")
CUSTOMER_MONTHS = Source(
    "mart_omnichannel",
    {
        "metric_time__month": _month("month_start_date"),
        "metric_time__year": "date_trunc('year', month_start_date)",
        "customer_month__kind": "kind",
    },
)
VALUES = Source(
    "mart_customer_value",
    {
        "metric_time__month": _month("last_bought_on"),
        "customer__segment": "segment",
        "customer__kind": _of("kind", "dim_customers", "customer_id", "t.customer_id"),
    },
)
MEMBERSHIPS = Source(
    "fct_segment_membership",
    {
        "metric_time__month": _month("entered_at"),
        "membership__segment": "segment",
        "membership__segment_owner": "segment_owner",
        "customer__kind": _of("kind", "dim_customers", "customer_id", "t.customer_id"),
    },
)
JOURNEYS = Source(
    "fct_journeys",
    {**_channels("fct_journeys", "started_at", "t.entry_channel").groupings, "journey__kind": "kind"},
)
HANDOFFS = Source(
    "fct_journey_transitions",
    {
        **_channels("fct_journey_transitions", "occurred_at", "t.to_channel").groupings,
        "transition__from_channel": "from_channel",
        "journey__entry_channel": _of("entry_channel", "fct_journeys", "journey_id", "t.journey_id"),
    },
)
FUNNEL = Source(
    "mart_journey_funnel",
    {
        "metric_time__week": "date_trunc('week', week_start_date)",
        "channel": "entry_channel",
        "stage_week__stage": "stage",
    },
)
OUTREACH = Source(
    "mart_outreach", {**_channels("mart_outreach", "date", "t.channel").groupings, "campaign": "campaign_id"}
)
CASES = Source(
    "fct_support_cases",
    {
        **_channels("fct_support_cases", "opened_at", CASE_CHANNEL).groupings,
        "case__is_bot_involved": "is_bot_involved",
        "case__reason": "reason",
    },
)
SCORECARD_DAYS = Source(
    "mart_scorecard_days",
    {**_channels("mart_scorecard_days", "date", "t.channel").groupings, "location": "location_id"},
)
EXPOSURES = Source(
    "fct_experiment_exposures",
    {
        **_channels("fct_experiment_exposures", "first_shown_at", "t.channel").groupings,
        "exposure__experiment_id": "experiment_id",
        "exposure__variant": "variant",
    },
)
EPISODES = _channels("fct_friction_episodes", "started_at", "t.friction_channel")
FEEDS = Source(
    "mart_completeness",
    {
        "metric_time__month": _month("last_record_at"),
        "feed__source_system": "source_system",
        "feed__location_id": "location_id",
    },
)
LATE = Source(
    "mart_late_arrivals",
    {
        "metric_time__month": _month("occurred_on"),
        "late_arrival__source_system": "source_system",
        "location__location_kind": _of("location_kind", "dim_locations", "location_id", "t.location_id"),
    },
)
IDENTITY_RUNS = Source(
    "mart_identity_health",
    {
        "metric_time__month": _month("run_at"),
        "metric_time__day": "date_trunc('day', run_at)",
        "identity_run": "run_number",
    },
)
CARTS = _channels("fct_carts", "started_at", "t.started_channel")
LINES = Source(
    "fct_order_lines",
    {
        **_channels("fct_order_lines", "ordered_on", "t.channel_sold").groupings,
        "product__category": _of("category", "dim_products", "product_id", "t.product_id"),
    },
)
LOYALTY = _channels("fct_loyalty", "occurred_at", "t.channel")
BOOKINGS = _channels("fct_bookings", "started_at", "t.started_channel")
APPLICATIONS = _channels("fct_applications", "started_at", "t.started_channel")
CONFLICTS = Source(
    "mart_consistency",
    {
        **_channels("mart_consistency", "first_seen_at", "t.channel_a").groupings,
        "conflict_case__conflict": "conflict",
    },
)
EXPOSED = Source(
    "mart_consistency_exposures",
    {
        "metric_time__month": _month("first_exposed_at"),
        "conflict_case__conflict": _of("conflict", "mart_consistency", "conflict_id", "t.conflict_id"),
        "customer__kind": _of("kind", "dim_customers", "customer_id", "t.customer_id"),
    },
)
BANNERS = Source(
    "fct_customer_banners",
    {
        "metric_time__month": _month("first_seen_at"),
        "customer_banner__banner": "banner",
        "customer__kind": _of("kind", "dim_customers", "customer_id", "t.customer_id"),
    },
)
