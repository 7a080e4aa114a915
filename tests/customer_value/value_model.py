"""The forecast's own functions, out of the dbt model's file: dbt runs it without our packages on its path."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE = (
    Path(__file__).resolve().parents[2]
    / "dbt_project/models/intermediate/customers/int_customers__value_forecast.py"
)
_spec = importlib.util.spec_from_file_location("value_forecast", FILE)
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)

Function = Callable[..., Any]

log_likelihood: Function = _module.log_likelihood
gamma_gamma_log_likelihood: Function = _module.gamma_gamma_log_likelihood
expected_average: Function = _module.expected_average
expected_purchases: Function = _module.expected_purchases
lapsed_odds: Function = _module.lapsed_odds
fit_lapsing: Function = _module.fit_lapsing
fit_frequency: Function = _module.fit_frequency
fit_gamma_gamma: Function = _module.fit_gamma_gamma
forecast: Function = _module.forecast
