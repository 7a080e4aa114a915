"""One row per warehouse: the models of purchase frequency and value, fitted to all identified buyers.

How often: BG/NBD (Fader, Hardie and Lee 2005) or MBG/NBD (Batislam, Denizel and Filiztekin 2007), whichever
fits better. In BG/NBD a customer may lapse after each repeat purchase, in MBG/NBD after the first purchase
too. If the histories do not show lapsing, NBD is used: every customer keeps buying. How much: Gamma-Gamma
(Fader and Hardie 2013). All are fitted by maximum likelihood to the warehouse's own customers. With too few
customers to fit, the common rate and the common average are used instead.
"""

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import gammaln

HORIZON_DAYS = 365.0
# Below these numbers the likelihood is too flat for a meaningful maximum.
MIN_CUSTOMERS, MIN_REPEATERS = 100, 30
LOG_BOUND = 8.0
# By how much lapsing must raise the log-likelihood: half the 95 % point of chi-squared with two degrees of freedom.
MIN_GAIN = 3.0
# The models that know lapsing, and how many chances to lapse they give before the first repeat purchase.
FIRST_CHANCES = {"BG/NBD": 0, "MBG/NBD": 1}


def nbd_log_likelihood(parameters, repeats, recency, age):
    """Return the log-likelihood of each customer for (r, alpha), without lapsing."""
    r, alpha = parameters
    return gammaln(r + repeats) - gammaln(r) + r * np.log(alpha) - (r + repeats) * np.log(alpha + age)


def log_likelihood(parameters, repeats, recency, age, first_chances=0):
    """Return the log-likelihood of each customer for (r, alpha, a, b); recency and age in one unit."""
    r, alpha, a, b = parameters
    chances = repeats + first_chances
    shared = (
        gammaln(r + repeats)
        - gammaln(r)
        + r * np.log(alpha)
        + gammaln(a + b)
        + gammaln(b + chances)
        - gammaln(b)
        - gammaln(a + b + chances)
    )
    alive = -(r + repeats) * np.log(alpha + age)
    lapsed = np.where(
        chances > 0,
        np.log(a) - np.log(b + np.maximum(chances, 1) - 1) - (r + repeats) * np.log(alpha + recency),
        -np.inf,
    )
    return shared + np.logaddexp(alive, lapsed)


def gamma_gamma_log_likelihood(parameters, purchases, average):
    """Return the Gamma-Gamma log-likelihood of each customer's average over their purchases, for (p, q, v)."""
    p, q, v = parameters
    return (
        gammaln(p * purchases + q)
        - gammaln(p * purchases)
        - gammaln(q)
        + q * np.log(v)
        + (p * purchases - 1) * np.log(average)
        + p * purchases * np.log(purchases)
        - (p * purchases + q) * np.log(purchases * average + v)
    )


def fitted(log_likelihood, start, *data):
    """Return the positive parameters with the highest likelihood; None if there are none within bounds."""

    def unlikelihood(logs):
        return -float(np.mean(log_likelihood(np.exp(logs), *data)))

    bounds = [(-LOG_BOUND, LOG_BOUND)] * len(start)
    near = minimize(unlikelihood, np.log(start), method="L-BFGS-B", bounds=bounds)
    if not near.success or np.abs(near.x).max() > LOG_BOUND - 1e-3:
        return None
    # The likelihood is flat around its best point: a search that stops early stops elsewhere on another processor.
    best = minimize(
        unlikelihood,
        near.x,
        jac="3-point",
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-15, "gtol": 1e-9},
    )
    return np.exp(best.x)


def fit_nbd(repeats, recency, age):
    """Return (r, alpha) in the unit of ``age``, or None if the fit fails."""
    unit = float(np.mean(age))
    if unit <= 0:
        return None
    found = fitted(nbd_log_likelihood, [0.5, 0.5], repeats, recency / unit, age / unit)
    return None if found is None else found * np.array([1, unit])


def fit_lapsing(repeats, recency, age, first_chances=0):
    """Return (r, alpha, a, b) in the unit of ``recency`` and ``age``, or None if the fit fails."""
    unit = float(np.mean(age))
    if unit <= 0:
        return None

    def likelihood(parameters, *data):
        return log_likelihood(parameters, *data, first_chances)

    found = fitted(likelihood, [0.5, 0.5, 0.8, 2.0], repeats, recency / unit, age / unit)
    return None if found is None else found * np.array([1, unit, 1, 1])


def fit_frequency(repeats, recency, age):
    """Return the name and parameters of the best model; NBD unless lapsing makes the histories likelier."""
    models = {}
    nbd = fit_nbd(repeats, recency, age)
    if nbd is not None:
        models["NBD"] = (nbd_log_likelihood(nbd, repeats, recency, age).sum() + MIN_GAIN, nbd)
    for name, first_chances in FIRST_CHANCES.items():
        found = fit_lapsing(repeats, recency, age, first_chances)
        if found is not None:
            models[name] = (log_likelihood(found, repeats, recency, age, first_chances).sum(), found)
    if not models:
        return None, None
    best = max(models, key=lambda name: models[name][0])
    return best, models[best][1]


def fit_gamma_gamma(purchases, average):
    """Return (p, q, v) in the unit of ``average``, or None if the fit fails or has no finite mean."""
    unit = float(np.mean(average))
    found = fitted(gamma_gamma_log_likelihood, [2.0, 3.0, 2.0], purchases, average / unit)
    return None if found is None or found[1] <= 1 else found * np.array([1, 1, unit])


def fit(history):
    """Return the methods and parameters that fit the purchase histories best, by column; missing if not used."""
    repeats, recency, age, purchases, average = (
        history[name].to_numpy(dtype="float64")
        for name in ("repeat_days", "recency_days", "age_days", "purchase_days", "average_day_value")
    )
    enough = len(history) >= MIN_CUSTOMERS and (repeats > 0).sum() >= MIN_REPEATERS
    method, frequency = fit_frequency(repeats, recency, age) if enough else (None, None)
    # The Gamma distribution has no value 0, so free purchases are left out.
    paying = average > 0
    value_model = (
        fit_gamma_gamma(purchases[paying], average[paying])
        if enough and paying.sum() >= MIN_CUSTOMERS
        else None
    )
    parameters = dict.fromkeys(("r", "alpha", "a", "b", "p", "q", "v"), np.nan)
    parameters |= dict(zip(("r", "alpha", "a", "b"), () if frequency is None else frequency, strict=False))
    parameters |= dict(zip(("p", "q", "v"), () if value_model is None else value_model, strict=False))
    return {
        "customers": len(history),
        "frequency_method": method or "common rate",
        "value_method": "common average" if value_model is None else "Gamma-Gamma",
        **parameters,
        "common_rate": repeats.sum() / (age.sum() + HORIZON_DAYS),
        "common_average": np.average(average, weights=purchases) if len(history) else 0.0,
    }


def model(dbt, session):
    """Purchase histories in, one row of fitted methods and parameters out."""
    dbt.config(materialized="table")
    # The last digits of sums depend on the order of rows. Sort by values, not by ids, which depend on the
    # order of arrival.
    history = dbt.ref("int_customers__purchase_history").order(
        "repeat_days, recency_days, age_days, purchase_days, average_day_value, customer_id"
    )
    return pd.DataFrame([fit(history.df())]).astype({"frequency_method": "string", "value_method": "string"})
