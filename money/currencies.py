"""Currencies and their signs, from the lists in this folder (`make lists` renews them from Unicode CLDR)."""

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
CURRENCIES = _FOLDER / "currencies.csv"
SIGNS = _FOLDER / "currency_signs.csv"
# What sums of money have where nothing says which currency they are in.
_USUAL_DECIMALS = 2


def decimals_of(currency: str | None) -> int:
    """Return the number of decimals of a currency's amounts."""
    return _decimals().get(currency or "", _USUAL_DECIMALS)


def currencies_of(sign: str) -> tuple[str, ...]:
    """Return the currencies that a code or sign may stand for, the usual one first; none if it is no sign.

    The first is empty if no currency is the usual one, as for the kr of four countries.
    """
    key = sign_key(sign)
    code = key.upper()
    return (code,) if code in _decimals() else _signs().get(key, ())


def usual_currency_of(sign: str, preferred: str | None = None) -> str | None:
    """Return the currency that a code or sign alone stands for, the preferred one if it may be; None if unknown."""
    usual, *others = currencies_of(sign) or ("",)
    return preferred if preferred in (usual, *others) else usual or None


def sign_key(sign: str) -> str:
    """Return the sign without what writers leave out or vary: capitals, blanks, points, invisible characters."""
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
