"""What each metric is in plain SQL, written from the marts' documentation and not from the metrics' YAML."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb


@dataclass(frozen=True)
class Source:
    """A mart; `groupings` are three ways to group its metrics: as a query names them, and as SQL does."""

    table: str
    groupings: Mapping[str, str]


@dataclass(frozen=True)
class Plain:
    """A metric that one query computes."""

    source: Source
    expression: str


@dataclass(frozen=True)
class Combined:
    """A metric made of others; of those that have no row the value is None."""

    parts: tuple[str, ...]
    combine: Callable[..., float | None]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its parts come from."""
        return tuple(source for part in self.parts for source in sources_of(part))


ORDERS = Source(
    "fct_orders",
    {
        "metric_time__month": "date_trunc('month', ordered_on)",
        "channel": "channel_sold",
        "location__location_kind": "(select location_kind from dim_locations as l where l.location_id = t.location_id)",
    },
)
CHANNEL_DAYS = Source(
    "mart_channel_performance",
    {
        "metric_time__month": "date_trunc('month', date)",
        "channel": "channel",
        "channel__channel_group": "(select channel_group from dim_channels as c where c.channel = t.channel)",
    },
)


def ratio(numerator: str, denominator: str) -> Combined:
    """Return the metric that divides one by another; there is none where there is nothing to divide by."""
    return Combined((numerator, denominator), lambda n, d: None if n is None or not d else n / d)


METRICS: Mapping[str, Plain | Combined] = {
    "orders": Plain(ORDERS, "count(*) filter (where not is_cancelled)"),
    "order_revenue": Plain(ORDERS, "sum(gross_revenue_reporting)"),
    "order_net_revenue": Plain(ORDERS, "sum(net_revenue_reporting)"),
    "order_discount": Plain(ORDERS, "sum(discount_reporting)"),
    "average_order_value": Plain(ORDERS, "avg(gross_revenue_reporting) filter (where not is_cancelled)"),
    "ordering_customers": Plain(ORDERS, "count(distinct customer_id) filter (where not is_cancelled)"),
    "revenue": Plain(CHANNEL_DAYS, "sum(revenue)"),
    "returned_revenue": Plain(CHANNEL_DAYS, "sum(returned)"),
    "cancelled_revenue": Plain(CHANNEL_DAYS, "sum(cancelled)"),
    "exchange_revenue": Plain(CHANNEL_DAYS, "sum(exchange_revenue)"),
    "net_revenue": Plain(CHANNEL_DAYS, "sum(revenue - returned - cancelled + exchange_revenue)"),
}


def sources_of(metric: str) -> tuple[Source, ...]:
    """Return the marts that a metric is computed from."""
    plain = METRICS[metric]
    return (plain.source,) if isinstance(plain, Plain) else plain.sources


def groupings_of(metric: str) -> list[str]:
    """Return how a metric can be grouped: in all ways that its marts have in common."""
    ways = [source.groupings for source in sources_of(metric)]
    return [way for way in ways[0] if all(way in others for others in ways)]


def computed(marts: duckdb.DuckDBPyConnection, metric: str, grouping: str) -> dict[Any, float | None]:
    """Compute a metric in plain SQL; the values by what they are grouped by."""
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
