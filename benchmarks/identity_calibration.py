"""Precision of links by probability, estimated on pairs on which the matching was not trained.

A band without errors still proves only as much as it has pairs, so the share of right pairs is Jeffreys' estimate:
half a right pair and half a wrong one are added. Links begin at the lowest probability from which on no band is
estimated below ``WANTED``; what is less probable goes to review.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from benchmarks.identity_sets import Labelled

WANTED = 0.99
BANDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.999, 1.0)
Judged = tuple[float, bool]


def judged(labelled: Labelled, pairs: pd.DataFrame) -> list[Judged]:
    """Return the probability of each pair without a contradiction, and whether it is right."""
    free = pairs[pairs["held_because"].isna()]
    return [
        (probability, labelled.people[left] == labelled.people[right])
        for probability, left, right in zip(
            free["match_probability"], free["left_node"], free["right_node"], strict=True
        )
    ]


def estimate(right: int, pairs: int) -> float:
    """Return the estimated share of right pairs."""
    return (right + 0.5) / (pairs + 1)


def estimates(pairs: Sequence[Judged]) -> Iterator[str]:
    """Describe each band of probability in a line."""
    for low, high in pairwise(BANDS):
        found = [
            right for probability, right in pairs if low <= probability < high or probability == high == 1
        ]
        share = estimate(sum(found), len(found))
        verdict = "links" if share >= WANTED else "review"
        counts = f"{sum(found):>5,} right of {len(found):>5,}"
        yield f"  probability {low:>5} to {high:<5} {counts}, estimated {share:.4f}: {verdict}"
