"""The demo's experiments, with the intervals of scipy."""

from collections import defaultdict
from contextlib import closing
from math import sqrt

import pytest
from scipy import stats

from tests.end_to_end.workplace import State, reader

LEVEL = 0.95
OUTCOMES = """
    select experiment_id, variant, is_converted, revenue_reporting::double
    from published.fct_experiment_exposures
"""
FIGURES = """
    select
        experiment_id, variant, is_control,
        conversion_rate_low, conversion_rate_high, conversion_difference_low, conversion_difference_high,
        revenue_difference_low, revenue_difference_high
    from published.mart_experiments
"""
Variant = tuple[str, str]


@pytest.fixture(scope="module")
def outcomes(first: State) -> dict[Variant, list[tuple[bool, float]]]:
    """Whether each customer bought, and for how much, by experiment and variant."""
    found = defaultdict(list)
    with closing(reader(first.place.marts)) as marts:
        for experiment, variant, converted, revenue in marts.execute(OUTCOMES).fetchall():
            found[experiment, variant].append((converted, revenue))
    return found


def share(people: list[tuple[bool, float]]) -> tuple[float, float, float]:
    """Return the share of buyers with its Wilson interval."""
    test = stats.binomtest(sum(converted for converted, _ in people), len(people))
    interval = test.proportion_ci(LEVEL, method="wilson")
    return float(test.statistic), float(interval.low), float(interval.high)


def test_the_intervals_are_those_of_scipy(
    first: State, outcomes: dict[Variant, list[tuple[bool, float]]]
) -> None:
    with closing(reader(first.place.marts)) as marts:
        rows = marts.execute(FIGURES).fetchall()
    controls = {experiment: variant for experiment, variant, is_control, *_ in rows if is_control}
    assert len(rows) == len(outcomes) == 5
    assert len(controls) == 2
    for experiment, variant, is_control, low, high, *differences in rows:
        people, control = outcomes[experiment, variant], outcomes[experiment, controls[experiment]]
        rate, wilson_low, wilson_high = share(people)
        assert (low, high) == pytest.approx((wilson_low, wilson_high))
        if is_control:
            assert differences == [None] * 4
            continue
        base, base_low, base_high = share(control)
        newcombe = (
            rate - base - sqrt((rate - wilson_low) ** 2 + (base_high - base) ** 2),
            rate - base + sqrt((wilson_high - rate) ** 2 + (base - base_low) ** 2),
        )
        welch = stats.norm.interval(LEVEL, *_difference_of_means(people, control))
        assert differences == pytest.approx([*newcombe, *welch])


def _difference_of_means(
    people: list[tuple[bool, float]], control: list[tuple[bool, float]]
) -> tuple[float, float]:
    """Return the difference of revenue per person and its standard error."""
    ours, theirs = ([revenue for _, revenue in each] for each in (people, control))
    error = sqrt(stats.sem(ours) ** 2 + stats.sem(theirs) ** 2)
    return sum(ours) / len(ours) - sum(theirs) / len(theirs), error
