"""HMAC-SHA256 under a secret key, in DuckDB: equal values stay equal, and without the key nobody can try guesses."""

import hashlib

import duckdb

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


def hmac(text: str) -> str:
    """Return SQL for the keyed hash of the SQL `text`: RFC 2104 over DuckDB's sha256. `set_key` has been called."""
    inner, outer = (f"getvariable('{name}')" for name in _PADS)
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"


def _pads(key: str) -> dict[str, bytes]:
    """Fold the key into the two pads of RFC 2104."""
    secret = key.encode()
    if len(secret) > _BLOCK_BYTES:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(_BLOCK_BYTES, b"\0")
    return {name: bytes(byte ^ mask for byte in block) for name, mask in _PADS.items()}
