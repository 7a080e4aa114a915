"""The forecast's own functions, out of the dbt models' files: dbt runs it without our packages on its path."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/customers"
Function = Callable[..., Any]


def _module(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"int_customers__{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_model = _module("value_model")
_forecast = _module("value_forecast")

fit: Function = _model.fit
log_likelihood: Function = _model.log_likelihood
gamma_gamma_log_likelihood: Function = _model.gamma_gamma_log_likelihood
fit_lapsing: Function = _model.fit_lapsing
fit_frequency: Function = _model.fit_frequency
fit_gamma_gamma: Function = _model.fit_gamma_gamma
expected_average: Function = _forecast.expected_average
expected_purchases: Function = _forecast.expected_purchases
lapsed_odds: Function = _forecast.lapsed_odds


def forecast(history: pd.DataFrame) -> Any:
    """Fit the models to these customers, and forecast them."""
    return _forecast.forecast(history, _model.fit(history))
