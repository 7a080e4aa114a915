"""Small helpers for statements."""

from typing import Any

import duckdb


def value(connection: duckdb.DuckDBPyConnection, statement: str) -> Any:
    """Return the first value of the first row. Reads to the end, because only then DuckDB completes the statement."""
    ((found, *_),) = connection.execute(statement).fetchall()
    return found


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return how many rows a table or subquery has."""
    return int(value(connection, f"select count(*) from {table}"))


def columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the names of a table's columns, quoted."""
    return [f'"{name}"' for name, *_ in connection.execute(f"describe {table}").fetchall()]
