"""Attribution the slow way, to compare with: a crowd walks the chain, every order of channels is tried."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, permutations


def walk_probability(paths: Sequence[tuple[Sequence[str], bool]], removed: str | None = None) -> float:
    """Simulate the chain until nearly everybody has ended; return the converted share."""
    moves: dict[str, Counter[str]] = defaultdict(Counter)
    for channels, converted in paths:
        states = ["start", *channels, "converted" if converted else "lost"]
        for state, following in pairwise(states):
            moves[state][following] += 1
    crowd = {"start": 1.0}
    converted_part = 0.0
    while sum(crowd.values()) > 1e-12:
        following_crowd: dict[str, float] = defaultdict(float)
        for state, part in crowd.items():
            for following, count in moves[state].items():
                share = part * count / moves[state].total()
                if following == "converted":
                    converted_part += share
                elif following not in ("lost", removed):
                    following_crowd[following] += share
        crowd = following_crowd
    return converted_part


def walked_removal_effects(paths: Sequence[tuple[Sequence[str], bool]]) -> dict[str, float]:
    """Return removal effects out of walked probabilities."""
    whole = walk_probability(paths)
    channels = sorted({channel for members, _ in paths for channel in members})
    return {channel: 1 - walk_probability(paths, channel) / whole for channel in channels}


def shapley_by_permutations(conversions: Sequence[Iterable[str]]) -> dict[str, Fraction]:
    """Average what each channel adds over every order in which the channels could have come.

    The worth of a group is the number of conversions whose channels are all in the group.
    """
    sets = [frozenset(channels) for channels in conversions]
    channels = sorted(frozenset().union(*sets))
    values = dict.fromkeys(channels, Fraction(0))
    orders = list(permutations(channels))
    for order in orders:
        group: set[str] = set()
        worth = 0
        for channel in order:
            group.add(channel)
            following = sum(members <= group for members in sets)
            values[channel] += Fraction(following - worth, len(orders))
            worth = following
    return values
