"""One row per channel on a path: the share of conversions that would be lost without it, after Markov.

Paths are a chain of states: the start, the channels, and two ends, converted and lost. Without a channel,
whoever would have stepped to it is lost. The conversions that had a path are shared out in proportion to the
removal effects. The chain is solved exactly, not simulated.
"""

import numpy as np
import pandas as pd

START, CONVERTED, LOST = "(start)", "(converted)", "(lost)"

Steps = dict[tuple[str, str], float]


def conversion_probability(steps: Steps, removed: str | None = None) -> float:
    """The probability to get from START to CONVERTED by counted steps; a step to ``removed`` is a loss."""
    leaving: dict[str, float] = {}
    for (state, _), count in steps.items():
        leaving[state] = leaving.get(state, 0.0) + count
    states = sorted(state for state in leaving if state != removed)
    index = {state: number for number, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    converts = np.zeros(len(states))
    for (state, following), count in steps.items():
        if state == removed:
            continue
        if following == CONVERTED:
            converts[index[state]] += count / leaving[state]
        elif following in index:
            moves[index[state], index[following]] += count / leaving[state]
    return float(np.linalg.solve(np.eye(len(states)) - moves, converts)[index[START]])


def removal_effects(steps: Steps) -> dict[str, float]:
    """For each channel the share of conversions lost without it; nothing where nobody converts."""
    if not any(state == CONVERTED for _, state in steps):
        return {}
    channels = sorted({state for pair in steps for state in pair} - {START, CONVERTED, LOST})
    whole = conversion_probability(steps)
    return {channel: 1 - conversion_probability(steps, channel) / whole for channel in channels}


def credited_conversions(effects: dict[str, float], conversions: float) -> dict[str, float]:
    """``conversions`` shared out among the channels in proportion to their removal effects."""
    whole = sum(effects.values())
    return {channel: conversions * effect / whole for channel, effect in effects.items()}


def model(dbt, session):
    """Counted steps in, (``channel``, ``removal_effect``, ``credited_conversions``) out."""
    dbt.config(materialized="table")
    counted = dbt.ref("int_attribution__steps").df()
    steps = {(row.from_state, row.to_state): float(row.steps) for row in counted.itertuples()}
    effects = removal_effects(steps)
    converted = sum(count for (_, state), count in steps.items() if state == CONVERTED)
    credited = credited_conversions(effects, converted)
    return pd.DataFrame(
        {
            "channel": pd.Series(list(effects), dtype="string"),
            "removal_effect": pd.Series(list(effects.values()), dtype="float64"),
            "credited_conversions": pd.Series(list(credited.values()), dtype="float64"),
        }
    )
