"""Queries of the page Experiments."""

import pandas as pd

from dashboards.publication import rows

_EXPERIMENTS = """
    select experiment_id, max(experiment_name) as experiment_name
    from mart_experiments
    group by experiment_id
    order by max(last_shown_at) desc, experiment_id
"""
_VARIANTS = """
    select
        *,
        case
            when is_control then 'Control'
            when conversion_difference_low > 0 then 'Better'
            when conversion_difference_high < 0 then 'Worse'
            else 'No difference shown'
        end as verdict
    from mart_experiments
    where experiment_id = ?
    order by is_control desc, variant
"""
_DAYS = """
    select first_shown_at::date as day, variant_name, count(*) as exposed
    from fct_experiment_exposures
    where experiment_id = ?
    group by all
    order by day, variant_name
"""


def experiments() -> pd.DataFrame:
    """Return each experiment's id and name, the latest first."""
    return rows(_EXPERIMENTS)


def variants(experiment_id: str) -> pd.DataFrame:
    """Return a row for each variant, the control first, with a verdict in words."""
    return rows(_VARIANTS, (experiment_id,))


def exposed_by_day(experiment_id: str) -> pd.DataFrame:
    """Return how many customers were first shown each variant on each day."""
    return rows(_DAYS, (experiment_id,))
