"""Markov removal effects: published examples, and a crowd that really walks the chain."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attribution.markov_model import credited, removal_effects, removal_effects_on_revenue
from tests.attribution.oracles import walked_removal_effects

CHANNELS = st.lists(st.sampled_from("abcd"), min_size=1, max_size=5)


def test_three_channels_of_which_one_path_converts() -> None:
    paths = [(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)]
    assert removal_effects(paths) == pytest.approx({"C1": 0.5, "C2": 1.0, "C3": 1.0})
    assert credited(paths) == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})


def test_channels_that_come_again() -> None:
    paths = [("ABABBA", True), ("ABBAA", True), ("AA", True)]
    assert credited(paths) == pytest.approx({"A": 2.0, "B": 1.0})


def test_repeats_in_a_row_change_nothing() -> None:
    once = [("AB", True), ("BA", True), ("B", False), ("A", True)]
    repeated = [("AAAB", True), ("BBA", True), ("BB", False), ("A", True)]
    assert removal_effects(once) == pytest.approx(removal_effects(repeated))


def test_nobody_converts_so_nothing_is_credited() -> None:
    assert removal_effects([("AB", False), ("B", False)]) == {}


def test_a_channel_that_leads_to_dearer_conversions_has_a_larger_effect_on_revenue() -> None:
    # Of a revenue of 120, 20 come by A and then C, 100 by B.
    paths = [("AC", True), ("A", False), ("B", True), ("B", True)]
    effects = removal_effects_on_revenue(paths, [20, 0, 40, 60])
    assert effects == pytest.approx({"A": 20 / 120, "C": 20 / 120, "B": 100 / 120})
    assert removal_effects(paths) == pytest.approx({"A": 1 / 3, "C": 1 / 3, "B": 2 / 3})


@given(st.lists(st.tuples(CHANNELS, st.booleans()), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_solution_is_where_a_walking_crowd_ends(paths: list[tuple[list[str], bool]]) -> None:
    paths = [*paths, (["a", "b"], True)]
    assert removal_effects(paths) == pytest.approx(walked_removal_effects(paths), abs=1e-9)
    converted = sum(converts for _, converts in paths)
    assert sum(credited(paths).values()) == pytest.approx(converted)
