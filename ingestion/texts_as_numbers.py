"""SQL functions for amounts and quantities that a source writes as text which is no plain number.

Plain numbers never come here: Python would take ten times the engine's time for them.
"""

from decimal import Decimal

import duckdb
from duckdb.func import SPECIAL

from money.amounts import read_amount, read_number

_NUMBER = "DECIMAL(18, 4)"
_NULLS = SPECIAL


def add_functions(connection: duckdb.DuckDBPyConnection) -> None:
    """Add ``amount_in(text, currency)``, ``currency_in(text)`` and ``number_in(text)``: null for what has no meaning.

    A currency that the record does not state is a blank text.
    """
    # With the default handling of nulls, a function may not return one.
    connection.create_function("amount_in", _amount, ["VARCHAR", "VARCHAR"], _NUMBER, null_handling=_NULLS)
    connection.create_function("currency_in", _currency, ["VARCHAR"], "VARCHAR", null_handling=_NULLS)
    connection.create_function("number_in", _number, ["VARCHAR"], _NUMBER, null_handling=_NULLS)


def _amount(text: str | None, currency: str) -> Decimal | None:
    """Return the amount; None, too, if the text names another currency than the record."""
    read = read_amount(text, currency.strip().upper() or None) if text else None
    return None if read is None or read.is_in_other_currency else read.value


def _currency(text: str | None) -> str | None:
    read = read_amount(text) if text else None
    return read.currency if read else None


def _number(text: str | None) -> Decimal | None:
    return read_number(text) if text else None
