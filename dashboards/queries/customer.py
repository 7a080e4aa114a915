"""Queries of the page Customer. Each takes a query function: on the published file, or on the private one too."""

import pandas as pd

from dashboards.publication import Ask

_FOUND = """
    select distinct identifier_type, customer_id
    from identity_map
    where identifier_value in (select unnest(?::varchar[]))
    union
    select 'customer_id', customer_id from dim_customers where customer_id in (select unnest(?::varchar[]))
    union
    select 'customer_id', customer_id
    from customer_id_redirects
    where retired_customer_id in (select unnest(?::varchar[]))
    union
    select 'order_id', customer_id
    from fct_orders
    where order_id in (select unnest(?::varchar[])) and customer_id is not null
    order by all
    limit 20
"""
_WHO = """
    select
        dim_customers.*, segment, expected_value_12m, probability_alive, campaign_name,
        dim_households.people as people_in_household
    from dim_customers
    left join mart_customer_value using (customer_id)
    left join dim_households on dim_customers.household_id = dim_households.household_id
    left join dim_campaigns on acquisition_campaign_id = campaign_id
    where dim_customers.customer_id = ?
"""
_CART = """
    select cart_value, currency, items, products, started_channel, last_channel, last_active_at, restarts
    from fct_carts
    where customer_id = ? and status = 'open'
    order by last_active_at desc
    limit 1
"""
_ORDERS = """
    select
        order_id, ordered_at, channel_sold, channel_fulfilled, gross_revenue, currency, items,
        case
            when is_cancelled then 'cancelled'
            when returned > 0 then 'returned, in part or whole'
            when picked_up_at is not null then 'picked up'
            when channel_fulfilled = 'store' and channel_sold <> 'store' then 'waits to be picked up'
            else 'placed'
        end as state
    from fct_orders
    where customer_id = ?
    order by ordered_at desc, order_id
    limit 10
"""
_CASES = """
    select case_id, opened_at, status, channel_path, contacts, repeats, first_reply_minutes, csat, sentiment_last
    from fct_support_cases
    where customer_id = ?
    order by status = 'open' desc, opened_at desc
    limit 5
"""
_TIMELINE = """
    select occurred_at, channel_name, line, said, sentiment_label, emotion, direction, is_friction, is_conversion
    from mart_customer_timeline
    inner join dim_channels using (channel)
    where customer_id = ?
    order by line_number
    limit 300
"""
_LINKS = """
    select link_rule, left_type, left_value, right_type, right_value, source_system, first_seen_at, records
    from identity_links
    where customer_id = ?
    order by first_seen_at, link_rule, left_value, right_value
    limit 50
"""
_IDENTIFIERS = """
    select identifier_type, count(*) as identifiers, max(last_seen_at) as last_seen_at, bool_or(is_shared) as is_shared
    from identity_map
    where customer_id = ?
    group by all
    order by min(tier), identifier_type
"""
_ATTRIBUTES = """
    select attribute, attribute_value, source, last_stated_at, is_verified, is_current
    from customer_attributes
    where customer_id = ?
    order by attribute, value_rank, is_source_of_current desc, last_stated_at desc nulls last, source
    limit 50
"""
_BANNERS = """
    select banner, first_seen_at, orders, net_revenue, reporting_currency
    from fct_customer_banners
    where customer_id = ?
    order by first_seen_at, banner
"""
_OFFERS = """
    select recommendation_rank, product_name, reason, best_channel, best_hour
    from mart_recommendations
    where customer_id = ?
    order by recommendation_rank
"""
_EXAMPLES = """
    select customer_id
    from dim_customers
    where is_identified and not is_internal
    order by open_case_id is not null desc, open_cart_id is not null desc, touchpoints desc, first_touchpoint_at
    limit 3
"""


def found(ask: Ask, values: list[str], numbers: list[str], ids: list[str]) -> pd.DataFrame:
    """Return the customers of published identifiers, order and receipt numbers, and customer ids."""
    return ask(_FOUND, (tuple(values), tuple(ids), tuple(ids), tuple(numbers)))


def who(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the row of a customer with its expected value; empty if there is none."""
    return ask(_WHO, (customer_id,))


def open_cart(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the open cart that was used last, if there is one."""
    return ask(_CART, (customer_id,))


def orders(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the last ten orders with their state."""
    return ask(_ORDERS, (customer_id,))


def cases(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the last five support cases, open ones first."""
    return ask(_CASES, (customer_id,))


def timeline(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the last 300 touchpoints in words, the newest first."""
    return ask(_TIMELINE, (customer_id,))


def links(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the links between the customer's identifiers, in the order in which they were first seen."""
    return ask(_LINKS, (customer_id,))


def identifiers(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return how many identifiers of each kind the customer has."""
    return ask(_IDENTIFIERS, (customer_id,))


def attributes(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the stated names and contacts of the customer, the valid ones first."""
    return ask(_ATTRIBUTES, (customer_id,))


def banners(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the banners that the customer met, and what they bought there."""
    return ask(_BANNERS, (customer_id,))


def offers(ask: Ask, customer_id: str) -> pd.DataFrame:
    """Return the recommendations, the best first."""
    return ask(_OFFERS, (customer_id,))


def examples(ask: Ask) -> list[str]:
    """Return the ids of three customers with many rows."""
    return list(ask(_EXAMPLES)["customer_id"])
