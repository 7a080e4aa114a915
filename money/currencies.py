"""Currencies and their signs, from the lists in this folder (`make lists` renews them from Unicode CLDR)."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
CURRENCIES = _FOLDER / "currencies.csv"
SIGNS = _FOLDER / "currency_signs.csv"
# The decimals of amounts without a currency.
_USUAL_DECIMALS = 2


def decimals_of(currency: str | None) -> int:
    """Return the number of decimals of a currency's amounts."""
    return _decimals().get(currency or "", _USUAL_DECIMALS)


def currencies_of(sign: str) -> tuple[str, ...]:
    """Return the currencies that a code or sign may mean, the usual one first; none if it is not a sign.

    The first is empty if no currency is the usual one, as for the kr of four countries.
    """
    key = sign_key(sign)
    code = key.upper()
    return (code,) if code in _decimals() else _signs().get(key, ())


def usual_currency_of(sign: str, preferred: str | None = None) -> str | None:
    """Return the currency of a code or sign, the preferred one if possible; None if unknown."""
    usual, *others = currencies_of(sign) or ("",)
    return preferred if preferred in (usual, *others) else usual or None


def sign_key(sign: str) -> str:
    """Return the sign without capitals, blanks, points and invisible characters, which writers vary."""
    return "".join(char for char in sign.casefold() if char not in ". \u00a0\u202f\u200b\u200e\u200f")


@cache
def _decimals() -> dict[str, int]:
    with CURRENCIES.open(encoding="utf-8", newline="") as lines:
        return {row["currency"]: int(row["decimals"]) for row in csv.DictReader(lines)}


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    with SIGNS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        sign_key(row["sign"]): (row["usual_currency"], *row["currencies"].split())
        for row in sorted(rows, key=lambda row: row["origin"] == "own")
    }
