"""Sample values of published columns for the data dictionary, which identify nobody.

Columns of personal data and keys have no samples. A text is shown if at least five rows have it and the column has few
distinct values; numbers are shown as the range of most values.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from printable import escaped
from publishing.catalog import Mart, MartColumn
from publishing.sessions import for_each, opened
from storage.sql import identifier

Samples = Mapping[str, Mapping[str, str]]

# A value that fewer rows have may be about one person.
FEWEST_ROWS = 5
_MOST_VALUES, _SHOWN = 30, 6
_LONGEST = 40
# Larger tables are sampled: 45 tables of the demo take 0.6 s.
_ROWS = 100_000
_KEYS = ("_id", "_ids", "_key", "_checksum")
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "FLOAT", "DOUBLE", "DECIMAL")


def sample_values(
    file: Path, marts: Sequence[Mart], row_counts: Mapping[str, int], memory_limit: str
) -> Samples:
    """Return samples in words, by table and column, from the published `file`."""
    with closing(opened(file, read_only=True, memory_limit=memory_limit)) as connection:
        found = for_each(
            connection, marts, lambda session, mart: _of_table(session, mart, row_counts[mart.name])
        )
    return {mart.name: samples for mart, samples in zip(marts, found, strict=True)}


def _of_table(session: duckdb.DuckDBPyConnection, mart: Mart, rows: int) -> dict[str, str]:
    described = session.execute(f"describe {identifier(mart.name)}").fetchall()
    types = {str(name): str(kind) for name, kind, *_ in described}
    part = f" tablesample system ({100 * _ROWS / rows} percent) repeatable (7)" if rows > _ROWS else ""
    table = f"{identifier(mart.name)}{part}"
    samples = {
        column.name: _of_column(session, table, column.name, types[column.name])
        for column in mart.columns
        if column.name in types and _may_be_shown(column)
    }
    return {name: sample for name, sample in samples.items() if sample}


def _may_be_shown(column: MartColumn) -> bool:
    return column.pii is None and not column.name.endswith(_KEYS)


def _of_column(session: duckdb.DuckDBPyConnection, table: str, name: str, kind: str) -> str:
    if kind == "VARCHAR":
        return _texts(session, table, identifier(name))
    if kind.startswith(_NUMBERS):
        return _range(session, table, identifier(name))
    return ""


def _texts(session: duckdb.DuckDBPyConnection, table: str, column: str) -> str:
    counted = session.execute(
        f"select {column}, count(*) from {table} where {column} is not null "
        f"group by 1 order by 2 desc, 1 limit {_MOST_VALUES + 1}"
    ).fetchall()
    if len(counted) > _MOST_VALUES:
        return ""
    common = [str(value) for value, rows in counted if rows >= FEWEST_ROWS]
    shown = [escaped(value) for value in common if 0 < len(value) <= _LONGEST and not _hides_something(value)]
    more = ", …" if len(counted) > len(shown[:_SHOWN]) else ""
    return ", ".join(shown[:_SHOWN]) + more if shown else ""


def _hides_something(text: str) -> bool:
    """Whether a text is a hash or mask of personal data, such as `***01`."""
    return "***" in text or (len(text) >= 32 and all(sign in "0123456789abcdef" for sign in text))


def _range(session: duckdb.DuckDBPyConnection, table: str, column: str) -> str:
    row = session.execute(
        f"select count({column}), quantile_disc({column}, 0.1), quantile_disc({column}, 0.9) from {table}"
    ).fetchone()
    assert row is not None, "an aggregate without grouping has one row"
    rows, low, high = row
    if rows < 10 * FEWEST_ROWS:
        return ""
    return _number(low) if low == high else f"{_number(low)} to {_number(high)}"


def _number(value: object) -> str:
    return f"{float(str(value)):,.2f}".rstrip("0").rstrip(".")
