"""Writes the lists of currencies and their signs: `python -m money.lists`, from Unicode CLDR as Babel packages it.

Rows of `currency_signs.csv` whose origin is `own` are kept as they are, and come before CLDR's.
"""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

from babel import Locale
from babel.core import get_global
from babel.localedata import locale_identifiers
from babel.numbers import get_currency_precision

from money.currencies import CURRENCIES, SIGNS, sign_key

# Signs that may mean any currency whose own sign contains them: $ for HK$, kr for Dkr.
_SHARED = ("$", "£", "¥", "kr", "rs")


def main() -> None:
    """Write both lists."""
    current = _current_currencies()
    _write(CURRENCIES, "currency decimals", [(code, str(get_currency_precision(code))) for code in current])
    with SIGNS.open(encoding="utf-8", newline="") as lines:
        own = [tuple(row.values()) for row in csv.DictReader(lines) if row["origin"] == "own"]
    known = {sign_key(row[0]) for row in own}
    found = [row for row in _cldr_signs(set(current)) if sign_key(row[0]) not in known]
    _write(SIGNS, "sign usual_currency currencies origin", [*own, *found])


def _current_currencies() -> list[str]:
    today = date.today().timetuple()[:3]
    return sorted(
        {
            code
            for uses in get_global("territory_currencies").values()
            for code, _start, end, is_tender in uses
            if is_tender and (end is None or tuple(end) > today)
        }
    )


def _cldr_signs(current: set[str]) -> list[tuple[str, str, str, str]]:
    codes: dict[str, set[str]] = defaultdict(set)
    for name in locale_identifiers():
        for code, sign in Locale.parse(name).currency_symbols.items():
            key = sign_key(sign)
            if code in current and key and key.upper() not in current:
                codes[key].add(code)
    for shared in _SHARED:
        bearing = [key for key in codes if shared in key and (key.isalpha() or not shared.isalpha())]
        codes[shared] = {code for key in bearing for code in codes[key]}
    return [(key, _usual(key, codes[key]), " ".join(sorted(codes[key])), "cldr") for key in sorted(codes)]


def _usual(key: str, codes: set[str]) -> str:
    """Return the only currency of a sign, or else its currency in English, if there is one."""
    english = Locale.parse("en").currency_symbols
    named = codes if len(codes) == 1 else {code for code in codes if sign_key(english.get(code, "")) == key}
    return min(named) if len(named) == 1 else ""


def _write(file: Path, header: str, rows: list[tuple[str, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(header.split())
        writer.writerows(rows)


if __name__ == "__main__":
    main()
