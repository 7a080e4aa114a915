"""HMAC-SHA256 under a secret key, in DuckDB: equal values stay equal, and guesses cannot be tested without the key."""

import hashlib

import duckdb

_BLOCK_BYTES = 64
_PADS = {"hash_inner": 0x36, "hash_outer": 0x5C}


def set_key(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Set the key of hashed values as variables of `connection`, because DuckDB's errors quote the query text."""
    for name, pad in _pads(key).items():
        connection.execute(f"set variable {name} = ?", [pad])


def share_key(connection: duckdb.DuckDBPyConnection, session: duckdb.DuckDBPyConnection) -> None:
    """Copy the key of `connection`, if any, to `session`: variables belong to a session."""
    for name in _PADS:
        found = connection.execute(f"select getvariable('{name}')").fetchone()
        session.execute(f"set variable {name} = ?", found)


def hmac(text: str) -> str:
    """Return SQL for the keyed hash of the SQL `text`: RFC 2104 over DuckDB's sha256. Call `set_key` first."""
    inner, outer = (f"getvariable('{name}')" for name in _PADS)
    return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))"


def _pads(key: str) -> dict[str, bytes]:
    """Fold the key into the two pads of RFC 2104."""
    secret = key.encode()
    if len(secret) > _BLOCK_BYTES:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(_BLOCK_BYTES, b"\0")
    return {name: bytes(byte ^ mask for byte in block) for name, mask in _PADS.items()}
