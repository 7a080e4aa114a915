"""The SQL that hands out credits: worked examples, brute force, and the axioms."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attribution.markov_model import removal_effects
from tests.attribution.oracles import shapley_by_permutations
from tests.attribution.sql_models import channel_sums, credits_of, run_model, warehouse

SHAPLEY = "int_attribution__shapley_credits"
MARKOV = "int_attribution__markov_credits"
RULES = "int_attribution__rule_credits"
PATHS = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), min_size=1, max_size=8)


def shapley_values(conversions: list[list[str]]) -> dict[str, float]:
    connection = warehouse(conversions)
    run_model(connection, SHAPLEY)
    for shares in credits_of(connection, "shapley", SHAPLEY).values():
        assert sum(shares.values()) == pytest.approx(1)
    return channel_sums(connection, SHAPLEY)


def test_shapley_of_six_conversions() -> None:
    conversions = [["email", "search"]] * 3 + [["search"]] * 2 + [["email", "social", "search"]]
    assert shapley_values(conversions) == pytest.approx(
        {"email": 1.8333, "search": 3.8333, "social": 0.3333}, abs=5e-5
    )


@given(PATHS)
@settings(max_examples=12, deadline=None)
def test_shapley_is_the_average_over_every_order_of_channels(conversions: list[list[str]]) -> None:
    exact = {channel: float(value) for channel, value in shapley_by_permutations(conversions).items()}
    assert shapley_values(conversions) == pytest.approx(exact)


@given(PATHS)
@settings(max_examples=8, deadline=None)
def test_shapley_hands_out_every_conversion(conversions: list[list[str]]) -> None:
    assert sum(shapley_values(conversions).values()) == pytest.approx(len(conversions))


def test_shapley_treats_channels_alike_that_do_the_same() -> None:
    values = shapley_values([["a", "b"], ["c", "a", "b"], ["b", "a", "a"]])
    assert values["a"] == pytest.approx(values["b"])


def test_shapley_gives_nothing_to_a_channel_on_no_path() -> None:
    assert "d" not in shapley_values([["a"], ["b", "a"]])


@given(PATHS, PATHS)
@settings(max_examples=8, deadline=None)
def test_shapley_of_two_months_is_the_sum_of_both(first: list[list[str]], second: list[list[str]]) -> None:
    added = Counter(shapley_values(first))
    added.update(shapley_values(second))
    assert shapley_values(first + second) == pytest.approx(dict(added))


def test_markov_splits_the_conversion_of_three_channels() -> None:
    connection = warehouse([["C1", "C2", "C3"]])
    effects = removal_effects([(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)])
    connection.execute(
        "create table int_attribution__removal_effects (channel varchar, removal_effect double)"
    )
    connection.executemany(
        "insert into int_attribution__removal_effects values (?, ?)", list(effects.items())
    )
    run_model(connection, MARKOV)
    assert channel_sums(connection, MARKOV) == pytest.approx({"C1": 0.2, "C2": 0.4, "C3": 0.4})


@given(PATHS)
@settings(max_examples=8, deadline=None)
def test_markov_splits_each_conversion_by_removal_effects(conversions: list[list[str]]) -> None:
    connection = warehouse(conversions)
    effects = removal_effects([(path, True) for path in conversions] + [(["a", "b"], False)])
    connection.execute(
        "create table int_attribution__removal_effects (channel varchar, removal_effect double)"
    )
    connection.executemany(
        "insert into int_attribution__removal_effects values (?, ?)", list(effects.items())
    )
    run_model(connection, MARKOV)
    credits = credits_of(connection, "markov", MARKOV)
    for number, path in enumerate(conversions):
        whole = sum(effects[channel] for channel in set(path))
        expected = {
            f"{number}-{i}": effects[channel] / whole / path.count(channel) for i, channel in enumerate(path)
        }
        assert credits[number] == pytest.approx(expected)


def test_time_decay_halves_every_seven_days() -> None:
    connection = warehouse([["a", "b", "c", "d", "e"]], days_before=[38, 33, 26, 8, 0])
    run_model(connection, RULES)
    worth = [12_000 * credit for _, credit in sorted(credits_of(connection, "time_decay", RULES)[0].items())]
    assert [round(amount, 2) for amount in worth] == [175.20, 287.44, 574.88, 3417.04, 7545.45]


def rule_oracle(path: list[str]) -> dict[str, dict[int, float]]:
    """Split a conversion by each rule, by hand."""
    last = len(path) - 1
    others = [i for i, channel in enumerate(path) if channel != "web"]
    if len(path) <= 2:
        position = {i: 1 / len(path) for i in range(len(path))}
    else:
        position = {i: 0.4 if i in (0, last) else 0.2 / (len(path) - 2) for i in range(len(path))}
    return {
        "first_touch": {0: 1.0},
        "last_touch": {last: 1.0},
        "last_non_direct": {others[-1] if others else last: 1.0},
        "linear": {i: 1 / len(path) for i in range(len(path))},
        "position_based": position,
    }


@given(
    st.lists(
        st.lists(st.sampled_from(["web", "email", "paid"]), min_size=1, max_size=5), min_size=1, max_size=4
    )
)
@settings(max_examples=8, deadline=None)
def test_rules_split_as_by_hand(conversions: list[list[str]]) -> None:
    connection = warehouse(conversions)
    run_model(connection, RULES)
    for model in rule_oracle(conversions[0]):
        expected: dict[int, dict[str, float]] = defaultdict(dict)
        for number, path in enumerate(conversions):
            expected[number] = {f"{number}-{i}": c for i, c in rule_oracle(path)[model].items()}
        assert credits_of(connection, model, RULES) == {
            number: pytest.approx(shares) for number, shares in expected.items()
        }
