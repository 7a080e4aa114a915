"""The metrics of orders, lines and customers in plain SQL."""

from collections.abc import Mapping

from tests.end_to_end.plain_sources import BANNERS, LINES, ORDERS, SALE_IDENTIFICATION
from tests.end_to_end.plain_sql import Combined, Plain, count, ratio

ORDER_METRICS: Mapping[str, Plain | Combined] = {
    "customers_of_banners": count(BANNERS, "true"),
    "buyers_of_banners": count(BANNERS, "orders >= 1"),
    "orders": count(ORDERS, "not is_cancelled"),
    "order_revenue": Plain(ORDERS, "sum(gross_revenue_reporting)"),
    "order_net_revenue": Plain(ORDERS, "sum(net_revenue_reporting)"),
    "order_discount": Plain(ORDERS, "sum(discount_reporting)"),
    "average_order_value": Plain(ORDERS, "avg(gross_revenue_reporting) filter (where not is_cancelled)"),
    "ordering_customers": Plain(ORDERS, "count(distinct customer_id) filter (where not is_cancelled)"),
    "orders_with_online_research_known": count(
        ORDERS, "not is_cancelled and is_researched_online in (true, false)"
    ),
    "orders_researched_online": count(ORDERS, "not is_cancelled and is_researched_online"),
    "researched_online_rate": ratio("orders_researched_online", "orders_with_online_research_known"),
    "orders_with_store_research_known": count(
        ORDERS, "not is_cancelled and is_researched_in_store in (true, false)"
    ),
    "orders_researched_in_store": count(ORDERS, "not is_cancelled and is_researched_in_store"),
    "researched_in_store_rate": ratio("orders_researched_in_store", "orders_with_store_research_known"),
    "orders_picked_up": Plain(ORDERS, "count(picked_up_at)"),
    "attached_sales": count(ORDERS, "not is_cancelled and attached_to_order_id <> ''"),
    "sales_in_places": Plain(SALE_IDENTIFICATION, "sum(sales)"),
    "identified_sales": Plain(
        SALE_IDENTIFICATION, "coalesce(sum(sales) filter (where identified_by <> 'none'), 0)"
    ),
    "sale_identification_rate": ratio("identified_sales", "sales_in_places"),
    "units_sold": Plain(LINES, "coalesce(sum(quantity) filter (where not is_exchange), 0)"),
    "units_returned": Plain(LINES, "sum(returned_quantity)"),
    "unit_return_rate": ratio("units_returned", "units_sold"),
    "lines_with_online_research_known": count(LINES, "is_researched_online in (true, false)"),
    "lines_researched_online": count(LINES, "is_researched_online"),
    "lines_researched_online_rate": ratio("lines_researched_online", "lines_with_online_research_known"),
}
