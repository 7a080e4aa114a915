"""Numbers, dates and names as the pages write them."""

import math
from datetime import date, datetime
from typing import Any

NONE = "\N{EN DASH}"


def is_missing(value: Any) -> bool:
    """Return whether a value of a table is empty, in any form of pandas."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in ("NaT", "<NA>")


def count(value: Any) -> str:
    """Write a whole number: `12,345`."""
    return NONE if is_missing(value) else f"{round(float(value)):,}"


def counted(value: Any, what: str) -> str:
    """Write a number of things: `1 case`, `2 cases`, `no case`."""
    if is_missing(value) or not value:
        return f"no {what}"
    return f"{count(value)} {what}{'' if round(float(value)) == 1 else 's'}"


def number(value: Any) -> str:
    """Write a number with as many decimals as matter: `12,345`, `12.3`, `0.123`."""
    if is_missing(value):
        return NONE
    size = abs(float(value))
    decimals = 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2
    return f"{float(value):,.{decimals}f}"


def share(value: Any) -> str:
    """Write a fraction as a percentage: `12.3 %`."""
    return NONE if is_missing(value) else f"{float(value) * 100:.1f} %"


def points(value: Any) -> str:
    """Write a difference of fractions: `+1.2 pp`."""
    return NONE if is_missing(value) else f"{float(value) * 100:+.1f} pp"


def change(value: Any) -> str:
    """Write a relative change: `+12 %`."""
    return NONE if is_missing(value) else f"{float(value) * 100:+.0f} %"


def money(value: Any) -> str:
    """Write an amount without its currency, which the page shows once: `12,345`."""
    if is_missing(value):
        return NONE
    size = abs(float(value))
    return f"{float(value):,.0f}" if size >= 100 or size == 0 else f"{float(value):,.2f}"


def day(value: Any) -> str:
    """Write a day: `31 Oct 2026`."""
    return NONE if is_missing(value) else _date(value).strftime("%-d %b %Y")


def month(value: Any) -> str:
    """Write a month: `Oct 2026`."""
    return NONE if is_missing(value) else _date(value).strftime("%b %Y")


def instant(value: Any) -> str:
    """Write an instant, which is in UTC: `31 Oct 2026, 13:05`."""
    return NONE if is_missing(value) else _date(value).strftime("%-d %b %Y, %H:%M")


def duration(minutes: Any) -> str:
    """Write a duration given in minutes in its largest fitting unit: `35 min`, `4.2 h`, `3.1 days`."""
    if is_missing(minutes):
        return NONE
    size = float(minutes)
    if size < 120:
        return f"{size:.0f} min"
    return f"{size / 60:.1f} h" if size < 2880 else f"{size / 1440:.1f} days"


def label(name: Any) -> str:
    """Write a name of the data as words: `support_chat` -> `Support chat`."""
    if is_missing(name) or name == "":
        return NONE
    text = str(name).replace("_", " ")
    return text[:1].upper() + text[1:]


def path(text: Any) -> str:
    """Write a channel path as words: `web > support_chat` -> `Web → Support chat`."""
    return NONE if is_missing(text) else " → ".join(label(step) for step in str(text).split(" > "))


def _date(value: Any) -> date | datetime:
    return value if isinstance(value, date | datetime) else datetime.fromisoformat(str(value))
