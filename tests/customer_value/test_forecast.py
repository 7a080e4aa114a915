"""The forecast of a whole warehouse: its properties, and its fallback if there are too few data to fit."""

import numpy as np
import pandas as pd
import pytest

from tests.customer_value import value_model
from tests.customer_value.test_published_figures import customers_of_the_model


def histories(number: int, seed: int = 3) -> pd.DataFrame:
    """Draw purchase histories in days, as the model's parent has them."""
    repeats, recency, age = customers_of_the_model(number, seed)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(number)],
            "repeat_days": repeats,
            "recency_days": np.round(recency * 7),
            "age_days": np.round(age * 7),
            "purchase_days": repeats + 1,
            "average_day_value": np.random.default_rng(seed).gamma(4, 20, number),
        }
    )


def test_enough_customers_are_forecast_by_the_models() -> None:
    known = histories(1_500)
    answer = value_model.forecast(known)
    assert set(answer["frequency_method"]) == {"BG/NBD"}
    assert set(answer["value_method"]) == {"Gamma-Gamma"}
    has_repeated = known["repeat_days"] > 0
    assert answer["probability_alive"][has_repeated].between(0, 1).all()
    assert answer["probability_alive"][~has_repeated].isna().all()
    assert (answer["expected_purchases"] > 0).all()
    assert (answer["expected_average"] > 0).all()
    assert not answer.drop(columns="probability_alive").isna().any(axis=None)


def test_where_nobody_can_be_seen_to_lapse_nobody_is_called_alive() -> None:
    chance = np.random.default_rng(5)
    known = histories(1_500)
    known["age_days"] = 90.0
    known["repeat_days"] = chance.poisson(90 * chance.gamma(0.9, 1 / 40, 1_500)).astype(float)
    # The last of n purchases that come at random times in 90 days.
    known["recency_days"] = (
        90 * chance.beta(np.maximum(known["repeat_days"], 0.01), 1) * (known["repeat_days"] > 0)
    )
    answer = value_model.forecast(known)
    assert set(answer["frequency_method"]) == {"NBD"}
    assert answer["probability_alive"].isna().all()
    assert answer["expected_purchases"].sum() == pytest.approx(
        known["repeat_days"].sum() * 365 / 90, rel=0.02
    )


def test_buyers_of_nothing_are_buyers_who_are_expected_to_pay_little() -> None:
    known = histories(1_500)
    known.loc[:7, "average_day_value"] = 0.0
    answer = value_model.forecast(known)
    assert set(answer["value_method"]) == {"Gamma-Gamma"}
    assert (answer["expected_average"][:8] < answer["expected_average"][8:].mean()).all()
    assert not answer["expected_average"].isna().any()


def test_who_bought_lately_is_likelier_alive_than_who_did_not() -> None:
    parameters = np.array([0.9, 8.0, 0.8, 2.5])
    odds = value_model.lapsed_odds(
        parameters, np.array([5.0, 5.0]), np.array([50.0, 20.0]), np.array([52.0, 52.0])
    )
    assert odds[0] < odds[1]


def test_few_customers_come_back_at_the_common_rate() -> None:
    few = histories(20)
    answer = value_model.forecast(few)
    assert set(answer["frequency_method"]) == {"common rate"}
    assert answer["probability_alive"].isna().all()
    rate = few["repeat_days"].sum() / (few["age_days"].sum() + 365)
    assert answer["expected_purchases"].to_numpy() == pytest.approx(np.full(20, 365 * rate))
    common = np.average(few["average_day_value"], weights=few["purchase_days"])
    nearer = (answer["expected_average"] - common).abs() <= (few["average_day_value"] - common).abs()
    assert nearer.all()


def test_customers_who_all_bought_today_do_not_break_it() -> None:
    today = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(150)],
            "repeat_days": 0,
            "recency_days": 0,
            "age_days": 0,
            "purchase_days": 1,
            "average_day_value": 10.0,
        }
    )
    answer = value_model.forecast(today)
    assert answer["expected_purchases"].to_numpy() == pytest.approx(np.zeros(150))
    assert answer["expected_average"].to_numpy() == pytest.approx(np.full(150, 10.0))
    assert answer["probability_alive"].isna().all()


def test_no_customers_give_no_forecast() -> None:
    assert value_model.forecast(histories(5).head(0)).empty


def test_the_last_digits_of_what_customers_spent_do_not_move_the_fit() -> None:
    """Processors differ in the last digits of a logarithm, and must find the same parameters."""
    known = histories(300)
    chance = np.random.default_rng(11)
    found = []
    for _ in range(4):
        noise = 1 + 1e-12 * chance.normal(size=len(known))
        moved = known.assign(average_day_value=known["average_day_value"] * noise).sample(
            frac=1, random_state=int(chance.integers(1000))
        )
        found.append(value_model.fit(moved))
    for parameter in ("r", "alpha", "a", "b", "p", "q", "v"):
        values = [fit[parameter] for fit in found]
        assert values == pytest.approx([values[0]] * len(values), rel=2e-6), parameter
