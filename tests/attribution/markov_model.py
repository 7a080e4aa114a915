"""The Markov functions out of the dbt model's own file: dbt runs it without our packages on its path."""

import importlib.util
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path

FILE = (
    Path(__file__).resolve().parents[2]
    / "dbt_project/models/intermediate/attribution/int_attribution__removal_effects.py"
)
_spec = importlib.util.spec_from_file_location("removal_effects", FILE)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

Walk = tuple[Sequence[str], bool]


def steps_of(paths: Iterable[Walk]) -> dict[tuple[str, str], float]:
    """Count the steps of paths, each a sequence of channels and whether it converted."""
    counts: Counter[tuple[str, str]] = Counter()
    for channels, converted in paths:
        states = [_module.START, *channels, _module.CONVERTED if converted else _module.LOST]
        counts.update(pairwise(states))
    return {step: float(count) for step, count in counts.items()}


def removal_effects(paths: Iterable[Walk]) -> dict[str, float]:
    """Return each channel's removal effect."""
    effects: dict[str, float] = _module.removal_effects(steps_of(paths))
    return effects


def credited(paths: Sequence[Walk]) -> dict[str, float]:
    """Return the conversions credited to each channel."""
    converted = sum(converts for _, converts in paths)
    totals: dict[str, float] = _module.credited(removal_effects(paths), converted)
    return totals


def removal_effects_on_revenue(paths: Sequence[Walk], revenue: Sequence[float]) -> dict[str, float]:
    """Return each channel's removal effect on the revenue of the paths that converted."""
    gains: dict[tuple[str, str], float] = {}
    for (channels, converts), worth in zip(paths, revenue, strict=True):
        if converts:
            step = (channels[-1], _module.CONVERTED)
            gains[step] = gains.get(step, 0.0) + worth
    effects: dict[str, float] = _module.removal_effects(steps_of(paths), gains)
    return effects
