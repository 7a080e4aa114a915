"""Literals and identifiers in SQL."""

from pathlib import Path


def literal(value: str | Path | float | bool) -> str:
    """Return a value as an SQL literal; numbers and booleans without quotes."""
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
