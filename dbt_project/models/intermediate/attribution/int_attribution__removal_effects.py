"""One row per channel on a path: the share of conversions that would be lost without it, after Markov.

Paths are a chain of states: the start, the channels, and two ends, converted and lost. If a channel is
removed, every step to it is a loss. The conversions that had a path are shared out in proportion to the
removal effects, and their revenue in proportion to the removal effects on revenue. The chain is solved
exactly, not simulated.
"""

import numpy as np
import pandas as pd

START, CONVERTED, LOST = "(start)", "(converted)", "(lost)"

Steps = dict[tuple[str, str], float]


def expected_gain(steps: Steps, gains: Steps, removed: str | None = None) -> float:
    """Return the average gain of a path from START, by counted steps and summed gains; ``removed`` is a loss."""
    leaving: dict[str, float] = {}
    for (state, _), count in steps.items():
        leaving[state] = leaving.get(state, 0.0) + count
    states = sorted(state for state in leaving if state != removed)
    index = {state: number for number, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    gained = np.zeros(len(states))
    for (state, following), count in steps.items():
        if state == removed:
            continue
        if following == CONVERTED:
            gained[index[state]] += gains.get((state, following), 0.0) / leaving[state]
        elif following in index:
            moves[index[state], index[following]] += count / leaving[state]
    return float(np.linalg.solve(np.eye(len(states)) - moves, gained)[index[START]])


def removal_effects(steps: Steps, gains: Steps | None = None) -> dict[str, float]:
    """Return for each channel the share of conversions, or of their gains, that is lost without it."""
    gains = steps if gains is None else gains
    if not any(state == CONVERTED and gain > 0 for (_, state), gain in gains.items()):
        return {}
    channels = sorted({state for pair in steps for state in pair} - {START, CONVERTED, LOST})
    whole = expected_gain(steps, gains)
    return {channel: 1 - expected_gain(steps, gains, channel) / whole for channel in channels}


def credited(effects: dict[str, float], total: float) -> dict[str, float]:
    """``total`` shared out among the channels in proportion to their removal effects."""
    whole = sum(effects.values())
    return {channel: total * effect / whole for channel, effect in effects.items()}


def model(dbt, session):
    """Counted steps in; each channel's removal effect and credited conversions and revenue out."""
    dbt.config(materialized="table")
    counted = dbt.ref("int_attribution__steps").df()
    steps = {(row.from_state, row.to_state): float(row.steps) for row in counted.itertuples()}
    revenue = {(row.from_state, row.to_state): float(row.revenue) for row in counted.itertuples()}
    effects = removal_effects(steps)
    converted = sum(count for (_, state), count in steps.items() if state == CONVERTED)
    conversions = credited(effects, converted)
    revenues = credited(removal_effects(steps, revenue), sum(revenue.values()))
    return pd.DataFrame(
        {
            "channel": pd.Series(list(effects), dtype="string"),
            "removal_effect": pd.Series(list(effects.values()), dtype="float64"),
            "credited_conversions": pd.Series([conversions[one] for one in effects], dtype="float64"),
            "credited_revenue": pd.Series([revenues.get(one, 0.0) for one in effects], dtype="float64"),
        }
    )
