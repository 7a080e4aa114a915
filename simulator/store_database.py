"""Writes the point-of-sale database, some thousand rows at a time."""

from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, select
from sqlalchemy.engine import make_url
from sqlalchemy.pool import ConnectionPoolEntry

from simulator.store_tables import METADATA, STORE_TABLES

ROWS_AT_A_TIME = 5_000
Row = dict[str, Any]


class StoreTakenError(Exception):
    """The database already has tables of these names with rows."""


class StoreDatabase:
    """A fresh store database at a SQLAlchemy URL: SQLite or PostgreSQL.

    Raises StoreTakenError if tables of these names have rows, unless asked to ``replace`` them.
    """

    def __init__(self, url: str, replace: bool = False) -> None:
        self._engine = create_engine(url)
        if make_url(url).get_backend_name() == "sqlite":
            event.listen(self._engine, "connect", _in_a_hurry)
        self._rows: dict[str, list[Row]] = {name: [] for name in STORE_TABLES}
        self.counts = dict.fromkeys(STORE_TABLES, 0)
        if not replace:
            _refuse_if_taken(self._engine)
        METADATA.drop_all(self._engine)
        METADATA.create_all(self._engine)

    def add(self, table: str, **row: Any) -> None:
        """Write a row; columns left out are null, instants are text with an offset."""
        columns = METADATA.tables[table].columns.keys()
        self._rows[table].append(dict.fromkeys(columns) | row)
        self.counts[table] += 1
        if len(self._rows[table]) >= ROWS_AT_A_TIME:
            self._write_down()

    def close(self) -> None:
        """Write the remaining rows, and close the database."""
        self._write_down()
        self._engine.dispose()

    def _write_down(self) -> None:
        with self._engine.begin() as connection:
            for name, rows in self._rows.items():
                if rows:
                    connection.execute(METADATA.tables[name].insert(), rows)
                    rows.clear()


def _refuse_if_taken(engine: Engine) -> None:
    there = set(inspect(engine).get_table_names())
    with engine.connect() as connection:
        for name in STORE_TABLES:
            if name in there and connection.execute(select(1).select_from(METADATA.tables[name])).first():
                raise StoreTakenError(
                    f"store database: table {name} already has rows; use --replace to write over it"
                )


def _in_a_hurry(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Turn SQLite's journal off: an interrupted simulation is written again from the start."""
    connection.execute("pragma journal_mode = off")
    connection.execute("pragma synchronous = off")
