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
    """A derived metric; the value of an input without a row is None."""

    parts: tuple[str, ...]
    combine: Callable[..., float | None]


def count(source: Source, condition: str) -> Plain:
    """Return the metric that counts the rows that meet a condition."""
    return Plain(source, f"count(*) filter (where {condition})")


def ratio(numerator: str, denominator: str) -> Combined:
    """Return the ratio of two metrics; None if the denominator is 0 or missing."""
    return Combined((numerator, denominator), lambda n, d: None if n is None or not d else n / d)
