"""Queries of the page Identity health."""

import pandas as pd

from dashboards.publication import Ask, rows

_RUNS = """
    select
        run_number, run_at, people, anonymous_customers, records, identified_share, stitched_share,
        people_with_1_identifier, people_with_2_to_5_identifiers, people_with_6_to_10_identifiers,
        people_with_over_10_identifiers, people_founded, people_merged, people_split, hubs, dropped_links
    from mart_identity_health
    order by run_number
"""
_LARGEST = """
    select
        size_rank, mart_identity_largest_people.customer_id, identifiers, bridge, bridged_identifiers, orders,
        net_revenue, reporting_currency,
        (
            select any_value(identifier_type) from identity_map
            where identifier_value in (bridge, split_part(bridge, ':', 2))
                and identity_map.customer_id = mart_identity_largest_people.customer_id
        ) as bridge_type
    from mart_identity_largest_people
    left join dim_customers using (customer_id)
    order by size_rank
"""
_REVIEW = """
    select *
    from identity_review
    order by match_weight desc, review_id
    limit ?
"""
_WAITING = """
    select held_because, count(*) as pairs, avg(match_probability) as match_probability
    from identity_review
    group by all
    order by pairs desc, held_because
"""
_CHANGES = """
    select date_trunc('month', effective_at)::date as month, change_type, count(distinct customer_id) as people
    from identity_history
    where change_type in ('merged', 'split') and effective_at > (select run_at from publication) - interval 25 month
    group by all
    order by month, change_type
"""
_DROPPED = """
    select dropped_by, link_rule, count(*) as links
    from identity_dropped_links
    group by all
    order by links desc, dropped_by, link_rule
"""
_QUARANTINE = """
    select reason, identifier_type, count(*) as identifiers, sum(records) as records, max(last_seen_at) as last_seen_at
    from identity_quarantine
    group by all
    order by records desc, reason, identifier_type
"""
_RULES = """
    select link_rule, count(*) as links, count(distinct customer_id) as customers
    from identity_links
    group by all
    order by links desc, link_rule
"""


def runs() -> pd.DataFrame:
    """Return a row for each run that changed something, the earliest first."""
    return rows(_RUNS)


def largest() -> pd.DataFrame:
    """Return the people known by the most identifiers, with the identifier that holds each together."""
    return rows(_LARGEST)


def review(ask: Ask, most: int) -> pd.DataFrame:
    """Return the pairs that wait for a decision, the likeliest first."""
    return ask(_REVIEW, (most,))


def waiting() -> pd.DataFrame:
    """Return how many pairs wait, by reason."""
    return rows(_WAITING)


def changes() -> pd.DataFrame:
    """Return how many people were merged and split in each of the last 24 months, by the time of the evidence."""
    return rows(_CHANGES)


def dropped() -> pd.DataFrame:
    """Return the dropped links, by the rule that dropped them."""
    return rows(_DROPPED)


def quarantine() -> pd.DataFrame:
    """Return the identifiers that link nobody, by reason."""
    return rows(_QUARANTINE)


def rules() -> pd.DataFrame:
    """Return how many links each rule made."""
    return rows(_RULES)
