"""One row per distinct text of `int_records__written_amounts` and stated currency, with its amount and currency."""

import pandas as pd
import pyarrow as pa

from money.amounts import read_amount, read_number
from money.currencies import usual_currency_of

# As in the macro parse_quantity.
LARGEST_QUANTITY = 1_000_000_000
SHAPE = pa.schema(
    [
        ("kind", pa.string()),
        ("written", pa.string()),
        ("stated_currency", pa.string()),
        ("amount", pa.decimal128(28, 4)),
        ("currency", pa.string()),
        ("is_in_other_currency", pa.bool_()),
    ]
)


def meaning(text: pd.Series, reporting_currency: str) -> dict:
    """What one text means: null amounts and currencies are unknown."""
    stated = usual_currency_of(text.currency, reporting_currency) or text.currency or None
    read = {
        "kind": text.kind,
        "written": text.written,
        "stated_currency": text.currency,
        "is_in_other_currency": False,
    }
    if text.kind == "currency":
        return read | {"currency": usual_currency_of(text.written, reporting_currency)}
    if text.kind == "quantity":
        number = read_number(text.written)
        return read | {"amount": number if number is not None and abs(number) < LARGEST_QUANTITY else None}
    amount = read_amount(text.written, stated, reporting_currency)
    if amount is None:
        return read | {"currency": stated}
    return read | {
        "amount": amount.value,
        "currency": amount.currency,
        "is_in_other_currency": amount.is_in_other_currency,
    }


def model(dbt, session):
    """Distinct texts in, their amounts and currencies out."""
    dbt.config(materialized="table")
    reporting_currency = dbt.config.get("reporting_currency")
    texts = dbt.ref("int_records__written_amounts").project("kind, written, currency").distinct().df()
    return pa.Table.from_pylist(
        [meaning(text, reporting_currency) for text in texts.itertuples()], schema=SHAPE
    )
