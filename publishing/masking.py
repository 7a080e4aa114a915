"""Personal data made safe to publish, as SQL expressions over a column.

`hash` is HMAC-SHA256 under a secret key: equal values stay equal, so joins and counts work, and guesses cannot be
tested without the key. `mask` keeps only the shape of a value. `drop` leaves the column out.
"""

import re

from publishing.catalog import Treatment
from security.keyed_hash import hmac
from storage.sql import identifier


def published_expression(column: str, data_type: str, treatment: Treatment | None) -> str | None:
    """Return SQL for `column` (a DuckDB `data_type`) as it is published; None if it is left out.

    Call `set_key` on the connection first.
    """
    name = identifier(column)
    if treatment is None:
        return name
    if treatment == "drop":
        return None
    safe = _hashed(name, data_type) if treatment == "hash" else _masked(name, data_type)
    return f"{safe} as {name}"


def _hashed(name: str, data_type: str) -> str:
    if data_type == "VARCHAR[]":
        return f"[{hmac('element')} for element in {name}]"
    return hmac(f"cast({name} as varchar)")


def _masked(name: str, data_type: str) -> str:
    if data_type == "VARCHAR":
        return _masked_text(name)
    if data_type == "VARCHAR[]":
        return f"[{_masked_text('element')} for element in {name}]"
    if data_type == "DATE" or data_type.startswith("TIMESTAMP"):
        return f"cast(date_trunc('year', {name}) as {data_type})"
    return f"cast(null as {data_type})"


def _masked_text(text: str) -> str:
    """`ana@example.org` -> `a***@e***`, `+13125550143` -> `+1********43`, `Ana Li` -> `A*** L***`."""
    words = rf"len(regexp_split_to_array(trim({text}), '\s+'))"
    masked = rf"""case
        when {text} is null then null
        when contains({text}, '@') then regexp_replace({text}, '^\s*(.?)[^@]*@(.?).*$', '\1***@\2***', 's')
        when regexp_matches({text}, '^[+0-9 ().-]{{7,}}$')
            then left({text}, 2) || repeat('*', length({text}) - 4) || right({text}, 2)
        when {words} <= 3 then regexp_replace(trim({text}), '(\S)\S*', '\1***', 'g')
        else '*** (' || {words} || ' words)'
    end"""
    return re.sub(r"\n\s*", " ", masked)
