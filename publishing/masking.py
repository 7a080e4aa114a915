"""Personal data made safe to publish, as SQL expressions over a column.

`hash` is HMAC-SHA256 under a secret key: equal values stay equal, so joins and counts work, and nobody
without the key can try out guesses. `mask` keeps the shape of a value and loses the value. `drop` leaves the
column out.
"""

import hashlib
import re

import duckdb

from publishing.catalog import Treatment

_BLOCK_BYTES = 64
_PADS = {"hash_inner": 0x36, "hash_outer": 0x5C}


def set_key(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Give `connection` the key of hashed values, as variables: DuckDB quotes a query's text in its errors."""
    for name, pad in _pads(key).items():
        connection.execute(f"set variable {name} = ?", [pad])


def share_key(connection: duckdb.DuckDBPyConnection, session: duckdb.DuckDBPyConnection) -> None:
    """Give `session` the key that `connection` has been given, if any: variables are a session's own."""
    for name in _PADS:
        found = connection.execute(f"select getvariable('{name}')").fetchone()
        session.execute(f"set variable {name} = ?", found)


def published_expression(column: str, data_type: str, treatment: Treatment | None) -> str | None:
    """Return SQL for `column` (a DuckDB `data_type`) as it is published; None where it is left out.

    It runs where `set_key` has been called.
    """
    name = quoted(column)
    if treatment is None:
        return name
    if treatment == "drop":
        return None
    safe = _hashed(name, data_type) if treatment == "hash" else _masked(name, data_type)
    return f"{safe} as {name}"


def quoted(identifier: str) -> str:
    """Put the identifier in double quotes, safe in SQL."""
    return '"' + identifier.replace('"', '""') + '"'


def _hashed(name: str, data_type: str) -> str:
    if data_type == "VARCHAR[]":
        return f"[{hmac('element')} for element in {name}]"
    return hmac(f"cast({name} as varchar)")


def hmac(text: str) -> str:
    """Return SQL for the keyed hash of the SQL `text`: RFC 2104 over DuckDB's sha256."""
    inner, outer = (f"getvariable('{name}')" for name in _PADS)
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"


def _pads(key: str) -> dict[str, bytes]:
    """Fold the key into the two pads of RFC 2104."""
    secret = key.encode()
    if len(secret) > _BLOCK_BYTES:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(_BLOCK_BYTES, b"\0")
    return {name: bytes(byte ^ mask for byte in block) for name, mask in _PADS.items()}


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
