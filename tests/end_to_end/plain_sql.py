"""How a metric is written in plain SQL: by one query, or from others."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.end_to_end.plain_sources import Source


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


def count(source: Source, condition: str) -> Plain:
    """Return the metric that counts the rows that meet a condition."""
    return Plain(source, f"count(*) filter (where {condition})")


def ratio(numerator: str, denominator: str) -> Combined:
    """Return the metric that divides one by another; there is none if there is nothing to divide by."""
    return Combined((numerator, denominator), lambda n, d: None if n is None or not d else n / d)
