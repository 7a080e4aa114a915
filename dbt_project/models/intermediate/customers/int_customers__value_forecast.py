"""One row per identified customer who has bought, with the expected purchases and spending of a year.

Uses the models of frequency and value that `int_customers__value_model` has fitted to all customers. With too
few customers to fit, every customer is expected to return at the common rate, and their average value is
shrunk towards the common one.
"""

import numpy as np
from scipy.special import hyp2f1

HORIZON_DAYS = 365.0
# The models with lapsing, and how many chances to lapse each gives before the first repeat purchase.
FIRST_CHANCES = {"BG/NBD": 0, "MBG/NBD": 1}


def lapsed_odds(parameters, repeats, recency, age, first_chances=0):
    """Return the odds that a customer has lapsed."""
    r, alpha, a, b = parameters
    chances = repeats + first_chances
    odds = a / (b + np.maximum(chances, 1) - 1) * ((alpha + age) / (alpha + recency)) ** (r + repeats)
    return np.where(chances > 0, odds, 0.0)


def expected_purchases(parameters, horizon, repeats, recency, age, first_chances=0):
    """Return the purchases that each customer is expected to make within ``horizon`` after ``age``."""
    r, alpha, a, b = parameters
    if abs(a - 1) < 1e-6:
        a = 1 + 1e-6
    chances = repeats + first_chances
    mixed = hyp2f1(r + repeats, b + chances, a + b + chances - 1, horizon / (alpha + age + horizon))
    rate = 1 - ((alpha + age) / (alpha + age + horizon)) ** (r + repeats) * mixed
    living = 1 + lapsed_odds((r, alpha, a, b), repeats, recency, age, first_chances)
    return (a + b + chances - 1) / (a - 1) * rate / living


def expected_average(parameters, purchases, average):
    """Return the expected value of each customer's purchases: between their own average and the common one."""
    p, q, v = parameters
    return p * (v + purchases * average) / (p * purchases + q - 1)


def forecast(history, fitted):
    """Return each customer's probability to be alive, expected purchases and average value, and the method.

    ``fitted`` is the row of `int_customers__value_model`, by column.
    """
    repeats, recency, age, purchases, average = (
        history[name].to_numpy(dtype="float64")
        for name in ("repeat_days", "recency_days", "age_days", "purchase_days", "average_day_value")
    )
    method = fitted["frequency_method"]
    frequency = [fitted[name] for name in ("r", "alpha", "a", "b")]
    alive = np.full(len(history), np.nan)
    if method == "common rate":
        coming = np.full(len(history), HORIZON_DAYS * fitted["common_rate"])
    elif method == "NBD":
        coming = (frequency[0] + repeats) / (frequency[1] + age) * HORIZON_DAYS
    else:
        first_chances = FIRST_CHANCES[method]
        odds = lapsed_odds(frequency, repeats, recency, age, first_chances)
        # A customer who has had no chance to lapse by the model is alive by definition: no information.
        alive = np.where(repeats + first_chances > 0, 1 / (1 + odds), np.nan)
        coming = expected_purchases(frequency, HORIZON_DAYS, repeats, recency, age, first_chances)
    if fitted["value_method"] == "common average":
        value = (purchases * average + fitted["common_average"]) / (purchases + 1)
    else:
        value = expected_average([fitted[name] for name in ("p", "q", "v")], purchases, average)
    return history[["customer_id"]].assign(
        probability_alive=alive,
        expected_purchases=coming,
        expected_average=value,
        frequency_method=method,
        value_method=fitted["value_method"],
    )


def model(dbt, session):
    """Purchase histories and the fitted models in, the forecast of each customer out."""
    dbt.config(materialized="table")
    value_model = dbt.ref("int_customers__value_model")
    fitted = value_model.df().iloc[0].to_dict()
    history = dbt.ref("int_customers__purchase_history")
    answer = forecast(history.df(), fitted)
    texts = dict.fromkeys(("customer_id", "frequency_method", "value_method"), "string")
    numbers = dict.fromkeys(("probability_alive", "expected_purchases", "expected_average"), "float64")
    return answer.astype(texts | numbers)
