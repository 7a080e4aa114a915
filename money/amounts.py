"""Reads amounts of money and numbers that were written as text.

text ─ one script and one kind of blank ─ sign, currency, digits ─ which separator is the decimal one ─ amount

Nothing is guessed: a text with two meanings, or with words that are not a currency, has no amount.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from money.currencies import currencies_of, decimals_of

# The range of a column of the warehouse: decimal(18, 4).
_LARGEST = Decimal(10) ** 14
_SMALLEST = Decimal("0.0001")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u02bc\u00b4\u2032\u066c`"
_WRITTEN_OTHERWISE = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_APOSTROPHES, "'"),
        "\u066b": ".",
        "\u060c": ",",
        "\uffe5": "¥",
        "\uffe1": "£",
        "\uffe6": "₩",
        "\ufe69": "$",
    }
)
_PARTS = re.compile(
    r"(?P<before>[^0-9]*?)"
    r"(?P<number>(?:(?<![^\W\d_])[.,])?[0-9](?:[0-9.,' ]*[0-9])?)"
    # 25.- and 25,-- are whole amounts, in Switzerland and Scandinavia.
    r"(?P<no_cents>[.,]-{1,2})?"
    r"(?P<after>[^0-9]*)"
)
_PROGRAM_NUMBER = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?[eE][-+]?[0-9]{1,3}")
_WESTERN_GROUPS = re.compile(r"[0-9]{1,3}(?:[.,' ][0-9]{3})+")
_INDIAN_GROUPS = re.compile(r"[0-9]{1,2}(?:[,][0-9]{2})*[,][0-9]{3}")


@dataclass(frozen=True)
class Amount:
    """An amount and its currency, if one is written or stated, and whether the two differ (the stated one counts)."""

    value: Decimal
    currency: str | None
    is_in_other_currency: bool = False


@lru_cache(maxsize=100_000)
def read_amount(text: str, currency: str | None = None, usual_currency: str | None = None) -> Amount | None:
    """Read an amount whose record states ``currency`` or none; None if the text has no or several meanings.

    ``usual_currency`` is the currency of amounts without one: it decides the meaning of a shared sign such as $.
    """
    parts = _take_apart(text)
    if parts is None:
        return None
    sign, number, words = parts
    written = [currencies_of(word) for word in words]
    if not all(written):
        return None
    meant = _currency_meant(written, currency, usual_currency)
    if meant is None and written and currency is None:
        return None
    value = _fitting(_number(number, decimals_of(meant or currency or usual_currency)), sign)
    if value is None:
        return None
    return Amount(
        value,
        currency or meant,
        is_in_other_currency=bool(written) and currency is not None and meant is None,
    )


@lru_cache(maxsize=100_000)
def read_number(text: str) -> Decimal | None:
    """Read a number of pieces or points; None for 1,500, which is one and a half or fifteen hundred."""
    parts = _take_apart(text)
    if parts is None or parts[2]:
        return None
    return _fitting(_number(parts[1], None), parts[0])


def _take_apart(text: str) -> tuple[int, str, list[str]] | None:
    """Return the sign, the number without it, and the words around it; None if it is not one number."""
    text = _plain(text)
    if _PROGRAM_NUMBER.fullmatch(text):
        return 1, text, []
    parts = _PARTS.fullmatch(text)
    if parts is None:
        return None
    before, after = parts["before"].strip(), parts["after"].strip()
    minuses = before.count("-") + after.count("-")
    in_brackets = before.count("("), after.count(")")
    if in_brackets not in ((0, 0), (1, 1)) or minuses + in_brackets[0] > 1 or before.count("+") > 1:
        return None
    words = [re.sub(r"[-+()]", " ", side).strip() for side in (before, after)]
    return -1 if minuses or in_brackets[0] else 1, parts["number"], [word for word in words if word]


def _plain(text: str) -> str:
    """Write a text with ASCII digits, plain blanks, dashes and apostrophes, and without invisible characters."""
    shown = (_ascii(char) for char in html.unescape(text).translate(_WRITTEN_OTHERWISE))
    return re.sub(r" +", " ", "".join(shown)).strip()


def _ascii(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    if kind in ("Zs", "Cc"):
        return " "
    if kind == "Cf":
        return ""
    return chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char


def _currency_meant(written: list[tuple[str, ...]], stated: str | None, usual: str | None) -> str | None:
    """Return the currency that all words can mean, preferably the stated one; else None."""
    if not written:
        return None
    common = set.intersection(*(set(codes) for codes in written)) - {""}
    if stated is not None:
        return stated if stated in common else None
    if usual in common:
        return usual
    firsts = {codes[0] for codes in written} & common
    if len(firsts) == 1:
        return firsts.pop()
    return common.pop() if len(common) == 1 else None


def _number(text: str, decimals: int | None) -> Decimal | None:
    """Read digits with separators; for money, ``decimals`` of the currency decide the meaning of 1,234."""
    if _PROGRAM_NUMBER.fullmatch(text):
        return Decimal(text)
    separators = [char for char in text if char in ".,' "]
    if not separators:
        return Decimal(text)
    last = separators[-1]
    whole, _, rest = text.rpartition(last)
    if (
        last in ".,"
        and separators.count(last) == 1
        and (len(separators) > 1 or not _may_be_a_group(whole, rest))
    ):
        return _decimal(whole, rest)
    if len(separators) == 1 and last in ".,":
        if decimals is None:
            return None
        if decimals >= len(rest):
            return _decimal(whole, rest) if last == "." else None
    return _grouped(text)


def _may_be_a_group(whole: str, rest: str) -> bool:
    return len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")


def _decimal(whole: str, fraction: str) -> Decimal | None:
    digits = Decimal(0) if not whole else Decimal(whole) if whole.isdigit() else _grouped(whole)
    return None if digits is None else digits + Decimal(f"0.{fraction}")


def _grouped(text: str) -> Decimal | None:
    separators = {char for char in text if not char.isdigit()}
    if len(separators) != 1 or not (_WESTERN_GROUPS.fullmatch(text) or _INDIAN_GROUPS.fullmatch(text)):
        return None
    return Decimal("".join(char for char in text if char.isdigit()))


def _fitting(value: Decimal | None, sign: int) -> Decimal | None:
    """Round to the warehouse's precision; None for an amount that does not fit, or that would become 0."""
    if value is None or abs(value) >= _LARGEST:
        return None
    rounded = value.quantize(_SMALLEST)
    if (value and not rounded) or abs(rounded) >= _LARGEST:
        return None
    return sign * rounded
