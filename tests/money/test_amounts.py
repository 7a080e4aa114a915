# ruff: noqa: RUF001
"""An amount that is written as text is read, or it is missing; it never becomes another one."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from money.amounts import read_amount, read_number
from money.currencies import currencies_of

# Text, the currency that the record states, the amount, its currency.
READ = [
    ("$1,234.50", "USD", "1234.50", "USD"),
    ("1,999.00", "USD", "1999", "USD"),
    ("49.90 USD", None, "49.90", "USD"),
    ("€ 24,99", None, "24.99", "EUR"),
    ("24,99&nbsp;&euro;", None, "24.99", "EUR"),
    ("1.234,50 €", None, "1234.50", "EUR"),
    ("1.234.567 ₫", None, "1234567", "VND"),
    ("CHF 1'234.50", None, "1234.50", "CHF"),
    ("Fr. 1’234.–", None, "1234", "CHF"),
    ("25,-", "SEK", "25", "SEK"),
    ("1\u202f234,50\u00a0€", None, "1234.50", "EUR"),
    ("25,00 kr", "DKK", "25", "DKK"),
    ("25,00 zł", None, "25", "PLN"),
    ("R$ 1.234,50", None, "1234.50", "BRL"),
    ("₹12,34,567.00", None, "1234567", "INR"),
    ("(25.00)", "USD", "-25", "USD"),
    ("-$25.00", None, "-25", "USD"),
    ("$-25.00", None, "-25", "USD"),
    ("25.00-", "USD", "-25", "USD"),
    ("−25,00 €", None, "-25", "EUR"),
    ("١٬٢٣٤٫٥٠", "AED", "1234.50", "AED"),
    ("￥１，２３４", None, "1234", "JPY"),
    ("1.5E+3", "USD", "1500", "USD"),
    ("$.99", None, "0.99", "USD"),
    ("$1,234.50 USD", None, "1234.50", "USD"),
    ("$25", "CAD", "25", "CAD"),
    ("US$25", None, "25", "USD"),
    ("1,234", "USD", "1234", "USD"),
    ("1.234", "EUR", "1234", "EUR"),
    ("0,125", "EUR", "0.125", "EUR"),
    ("1.234", "KWD", "1.234", "KWD"),
    ("$0.00", None, "0", "USD"),
]
WITHOUT_MEANING = [
    ("", None), ("free", "USD"), ("-", "USD"), ("n/a", "USD"), ("$", None), ("10 - 20", "USD"), ("$10-$20", None),
    ("1.2.3", "USD"), ("1,23,4", "USD"), ("12:30", "USD"), ("25 %", "USD"), ("25²", "USD"), ("--5", "USD"),
    ("2 for 10", "USD"), ("from 25", "USD"), ("25 points", None), ("25,00 kr", None), ("1,234", "KWD"),
    ("0.00001", "USD"), ("1" * 15, "USD"), ("1e300", "USD"), ("€ 25 USD", None), ('{"amount": 25}', "USD"),
    ("true", "USD"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "stated", "amount", "currency"), READ)
def test_an_amount_with_one_meaning_is_read(
    text: str, stated: str | None, amount: str, currency: str
) -> None:
    read = read_amount(text, stated)
    assert read is not None
    assert (read.value, read.currency, read.is_in_other_currency) == (Decimal(amount), currency, False)


@pytest.mark.parametrize(("text", "stated"), WITHOUT_MEANING)
def test_a_text_without_a_meaning_or_with_two_is_no_amount(text: str, stated: str | None) -> None:
    assert read_amount(text, stated) is None


def test_the_stated_currency_wins_and_the_other_one_is_reported() -> None:
    read = read_amount("€ 24,99", "USD")
    assert read is not None
    assert (read.value, read.currency, read.is_in_other_currency) == (Decimal("24.99"), "USD", True)


def test_a_shared_sign_is_that_of_the_usual_currency() -> None:
    assert [getattr(read_amount("$5", None, usual), "currency", None) for usual in ("CAD", "EUR")] == [
        "CAD",
        "USD",
    ]
    assert [getattr(read_amount("5 kr", None, usual), "currency", None) for usual in ("NOK", "EUR")] == [
        "NOK",
        None,
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("1,5", Decimal("1.5")),
        ("1 000", 1000),
        ("２", 2),
        ("2,000.0", 2000),
        ("1,500", None),
        ("2 pcs", None),
    ],
)
def test_a_quantity_is_read_unless_its_separator_has_two_meanings(text: str, number: Decimal | None) -> None:
    assert read_number(text) == number


LOCALES = ["en_US", "en_IN", "de_DE", "de_CH", "de_AT", "fr_FR", "fr_CH", "es_ES", "pt_BR", "nb_NO", "sv_SE",
           "pl_PL", "cs_CZ", "tr_TR", "ja_JP", "zh_CN", "ko_KR", "hi_IN", "ar_EG", "he_IL", "ru_RU",
           "nl_NL", "it_IT"]  # fmt: skip
SPOKEN = [code for code in list_currencies("en_US") if currencies_of(code)]


@given(st.integers(-(10**11), 10**11), st.sampled_from(LOCALES), st.sampled_from(SPOKEN))
def test_what_unicode_writes_in_any_country_is_read_as_it_was(cents: int, locale: str, currency: str) -> None:
    amount = Decimal(cents) / 100
    written = format_currency(amount, currency, locale=locale, currency_digits=False, format_type="standard")
    read = read_amount(written, currency)
    assert read is not None, written
    assert read.value == amount.quantize(Decimal("0.01")), written
    assert not read.is_in_other_currency, written


@given(
    st.text(alphabet="0123456789.,' -+()$€kr%eE\u00a0\u202f٣３free", max_size=14),
    st.sampled_from([None, "USD", "KWD", "JPY"]),
)
def test_a_text_never_becomes_nothing_unless_it_says_nothing(text: str, currency: str | None) -> None:
    read = read_amount(text, currency)
    digits = [char for char in text if char.isdigit()]
    if read is not None and read.value == 0:
        mantissa = text.lower().split("e")[0] if "e" in text.lower() else text
        assert digits
        assert all(char in "0٠０" for char in mantissa if char.isdigit())


@given(
    st.decimals(min_value=-(10**13), max_value=10**13, places=2), st.sampled_from([",", ".", "'", " ", ""])
)
def test_groups_of_thousands_change_nothing(amount: Decimal, group: str) -> None:
    point = "," if group == "." else "."
    whole, cents = f"{amount:,.2f}".split(".")
    read = read_amount(whole.replace(",", group) + point + cents, "EUR")
    assert read is not None
    assert read.value == amount
