"""Personal data made safe to publish, as SQL expressions over a column.

`hash` is HMAC-SHA256 under a secret key: equal values stay equal, so joins and counts work, and nobody
without the key can try out guesses. `mask` keeps the shape of a value and loses the value. `drop` leaves the
column out.
"""

import hashlib
import re

from publishing.catalog import Treatment

_BLOCK_BYTES = 64


def published_expression(column: str, data_type: str, treatment: Treatment | None, key: str) -> str | None:
    """Return SQL for `column` (a DuckDB `data_type`) as it is published; None where it is left out."""
    name = quoted(column)
    if treatment is None:
        return name
    if treatment == "drop":
        return None
    safe = _hashed(name, data_type, key) if treatment == "hash" else _masked(name, data_type)
    return f"{safe} as {name}"


def quoted(identifier: str) -> str:
    """Put the identifier in double quotes, safe in SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def _hashed(name: str, data_type: str, key: str) -> str:
    if data_type == "VARCHAR[]":
        return f"[{_hmac('element', key)} for element in {name}]"
    return _hmac(f"cast({name} as varchar)", key)


def _hmac(text: str, key: str) -> str:
    """RFC 2104 over DuckDB's sha256; the key is folded into the two pads here, so SQL never sees it."""
    secret = key.encode()
    if len(secret) > _BLOCK_BYTES:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(_BLOCK_BYTES, b"\0")
    inner = bytes(byte ^ 0x36 for byte in block).hex()
    outer = bytes(byte ^ 0x5C for byte in block).hex()
    return f"sha256(unhex('{outer}') || unhex(sha256(unhex('{inner}') || encode({text}))))"


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
