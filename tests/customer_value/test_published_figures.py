"""The forecast against what was published of CDNOW's customers, and customers drawn from the models."""

import importlib.util
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.integrate import quad

from tests.customer_value import value_model

Numbers = npt.NDArray[np.float64]

# Fader, Hardie and Lee (2005), in weeks; Fader and Hardie (2013), in dollars.
CDNOW_BG_NBD = np.array([0.243, 4.414, 0.793, 2.426])
CDNOW_LOG_LIKELIHOOD = -9582.4
# Batislam, Denizel and Filiztekin (2007), in weeks.
CDNOW_MBG_NBD = np.array([0.525, 6.183, 0.891, 1.614])
CDNOW_GAMMA_GAMMA = np.array([6.25, 3.74, 15.44])


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    """The 2,357 customers whose purchases were published; the package ``lifetimes`` ships them."""
    package = importlib.util.find_spec("lifetimes")
    if package is None or package.origin is None:
        pytest.skip("the package lifetimes, which ships CDNOW's customers, is not installed")
    return pd.read_csv(Path(package.origin).parent / "datasets/cdnow_customers_summary_with_transactions.csv")


def test_the_likelihood_of_cdnow_is_the_published_one(cdnow: pd.DataFrame) -> None:
    likelihood = value_model.log_likelihood(
        CDNOW_BG_NBD, *(cdnow[name].to_numpy(dtype=float) for name in ("x", "t_x", "T"))
    )
    assert likelihood.sum() == pytest.approx(CDNOW_LOG_LIKELIHOOD, abs=0.05)


def test_the_fit_finds_the_published_parameters(cdnow: pd.DataFrame) -> None:
    found = value_model.fit_lapsing(*(cdnow[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")))
    assert found == pytest.approx(CDNOW_BG_NBD, rel=2e-3)
    buyers = cdnow[cdnow["x"] > 0]
    spending = value_model.fit_gamma_gamma(
        buyers["x"].to_numpy(dtype=float), buyers["zbar"].to_numpy(dtype=float)
    )
    assert spending == pytest.approx(CDNOW_GAMMA_GAMMA, rel=2e-3)


def test_the_fit_of_mbg_nbd_finds_the_published_parameters(cdnow: pd.DataFrame) -> None:
    data = [cdnow[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]
    assert value_model.fit_lapsing(*data, 1) == pytest.approx(CDNOW_MBG_NBD, rel=2e-3)


def test_of_the_two_models_the_likelier_one_is_used(cdnow: pd.DataFrame) -> None:
    data = [cdnow[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]
    likelihoods = {
        "BG/NBD": value_model.log_likelihood(value_model.fit_lapsing(*data), *data).sum(),
        "MBG/NBD": value_model.log_likelihood(value_model.fit_lapsing(*data, 1), *data, 1).sum(),
    }
    method, _ = value_model.fit_frequency(*data)
    assert method == max(likelihoods, key=lambda name: likelihoods[name])


def test_the_expectation_of_the_published_customer() -> None:
    """The paper's note computes one customer: 2 repeats, the last at 30.43 of 38.86 weeks, next 39 weeks."""
    expected = value_model.expected_purchases(
        CDNOW_BG_NBD, 39, np.array([2.0]), np.array([30.43]), np.array([38.86])
    )
    assert expected[0] == pytest.approx(1.226, abs=5e-4)


def likelihood_by_integration(
    parameters: Numbers, repeats: int, recency: float, age: float, first_chances: int
) -> float:
    """Average the chance of one history over every rate and every chance of lapsing, numerically."""
    r, alpha, a, b = parameters

    def over_rates(power: float, decay: float) -> float:
        def density(rate: float) -> float:
            log = r * np.log(alpha) + (r - 1) * np.log(rate) - alpha * rate - np.log(gamma_of(r))
            return float(np.exp(log + power * np.log(rate) - decay * rate))

        return float(quad(density, 0, np.inf, limit=200)[0])

    def over_lapsing(lapses: int, stays: int) -> float:
        def density(chance: float) -> float:
            return float(chance ** (a - 1 + lapses) * (1 - chance) ** (b - 1 + stays))

        whole = quad(lambda chance: chance ** (a - 1) * (1 - chance) ** (b - 1), 0, 1)[0]
        return float(quad(density, 0, 1)[0] / whole)

    chances = repeats + first_chances
    alive = over_lapsing(0, chances) * over_rates(repeats, age)
    if chances == 0:
        return alive
    return alive + over_lapsing(1, chances - 1) * over_rates(repeats, recency)


def gamma_of(value: float) -> float:
    """Return Euler's gamma function, by its integral."""
    return float(quad(lambda x: x ** (value - 1) * np.exp(-x), 0, np.inf)[0])


@pytest.mark.parametrize("first_chances", [0, 1], ids=["BG/NBD", "MBG/NBD"])
@pytest.mark.parametrize(("repeats", "recency", "age"), [(0, 0.0, 20.0), (1, 3.0, 20.0), (4, 18.0, 25.0)])
def test_the_likelihood_is_the_integral_over_all_customers(
    repeats: int, recency: float, age: float, first_chances: int
) -> None:
    parameters = np.array([1.4, 6.0, 1.3, 2.4])
    closed = value_model.log_likelihood(
        parameters, np.array([float(repeats)]), np.array([recency]), np.array([age]), first_chances
    )
    assert np.exp(closed[0]) == pytest.approx(
        likelihood_by_integration(parameters, repeats, recency, age, first_chances), rel=1e-5
    )


def customers_of_the_model(number: int, seed: int) -> tuple[Numbers, Numbers, Numbers]:
    """Draw customers who buy at random and lapse at random, as BG/NBD has it."""
    chance = np.random.default_rng(seed)
    r, alpha, a, b = 0.9, 8.0, 0.8, 2.5
    age = chance.uniform(20, 60, number)
    rate = chance.gamma(r, 1 / alpha, number)
    lapsing = chance.beta(a, b, number)
    repeats, recency = np.zeros(number), np.zeros(number)
    for i in range(number):
        now = chance.exponential(1 / rate[i])
        while now < age[i]:
            repeats[i] += 1
            recency[i] = now
            if chance.random() < lapsing[i]:
                break
            now += chance.exponential(1 / rate[i])
    return repeats, recency, age


def test_the_fit_finds_the_parameters_that_made_the_customers() -> None:
    repeats, recency, age = customers_of_the_model(8_000, seed=11)
    r, alpha, a, b = value_model.fit_lapsing(repeats, recency, age)
    assert r / alpha == pytest.approx(0.9 / 8.0, rel=0.1)
    assert a / (a + b) == pytest.approx(0.8 / 3.3, rel=0.12)
