"""A point-of-sale database, read through SQLAlchemy with dlt's Arrow backend.

Every column is read as text, cast by the database: what is in a SQLite column need not be of the column's
type, and a value that cannot be converted must cost its own row only. Rows are handed on in chunks that are
bounded by their weight, since a column may hold photos; of a value that is larger than a record may be comes the
start only, marked.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from dlt.sources.sql_database import sql_table
from sqlalchemy.dialects.postgresql import MONEY

from ingestion.errors import SourceError, cause_of
from ingestion.keyed.store_tables import StoreTable
from ingestion.keyed.texts import CUT, UNREADABLE, slices
from ingestion.records import KEPT_OF_LARGE, LARGEST_RECORD, decoded
from ingestion.settings import number, variable

CHUNK_ROWS, CHUNK_BYTES = 50_000, 32 * 1024**2
# How many rows are in memory before anybody knows what they weigh.
ROWS_AT_ONCE = 250
LOCK_TIMEOUT_SECONDS = 60.0
CURSOR = "updated_at"
# SQLite lets any column hold anything, and its values are cut as they are decoded.
_SHORT = (sa.Integer, sa.Numeric, sa.Boolean, sa.Date, sa.DateTime, sa.Time, sa.Uuid)
_DRIVERS = {
    "postgresql": (("psycopg", "psycopg"), ("psycopg2", "psycopg2"), ("pg8000", "pg8000")),
    "mysql": (("mysqldb", "MySQLdb"), ("pymysql", "pymysql"), ("mysqlconnector", "mysql")),
}
_SESSION = {
    "postgresql": ("SET TimeZone = 'UTC'", "SET DateStyle = 'ISO'"),
    "mysql": ("SET time_zone = '+00:00'",),
    "mariadb": ("SET time_zone = '+00:00'",),
}


class StoreDatabase:
    """The database behind a SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        try:
            self._lock_timeout = number("store", "lock_timeout_seconds", LOCK_TIMEOUT_SECONDS)
            self.engine = sa.create_engine(with_driver(url))
            sa.event.listen(self.engine, "connect", self._prepare)
            self._inspector = sa.inspect(self.engine)
            # SQLite opens anything; whether it is a database shows when it is asked something.
            self._inspector.get_table_names()
        except SourceError:
            raise
        except Exception as error:
            raise SourceError("store", f"cannot open {shown(url)}: {cause_of(error)}") from error
        self.name = shown(url)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def _prepare(self, connection: Any, _: Any) -> None:
        """Make the session speak UTC and ISO, and SQLite's texts survive bytes that are not UTF-8."""
        if self.engine.dialect.name == "sqlite":
            connection.text_factory = _text
            return
        cursor = connection.cursor()
        for statement in _SESSION.get(self.engine.dialect.name, ()):
            cursor.execute(statement)
        if self.engine.dialect.name == "postgresql":
            cursor.execute(f"SET lock_timeout = {round(self._lock_timeout * 1000)}")
        cursor.close()
        # PostgreSQL forgets what was set in a transaction that is rolled back, as at the end of each reading.
        connection.commit()

    def columns_of(self, table: StoreTable) -> set[str] | None:
        """Return the names of a table's columns; None if the database has no such table."""
        if not self._inspector.has_table(table.name):
            return None
        return {column["name"] for column in self._inspector.get_columns(table.name)}

    def primary_key_of(self, table: StoreTable) -> list[str]:
        """Return the columns of a table's primary key, as the database has it; none where it has none."""
        return list(self._inspector.get_pk_constraint(table.name)["constrained_columns"])

    def keys_of_several_rows(self, table: StoreTable) -> int:
        """Count the keys that several rows share, because the table's primary key has a further column.

        Partitions have such a primary key too, though no two rows share what the contract takes for the key. So
        the rows are counted, and only where they may differ.
        """
        if not set(self.primary_key_of(table)) > set(table.key):
            return 0
        key: list[sa.ColumnClause[Any]] = [sa.column(name) for name in table.key]
        given = sa.and_(*(column.is_not(None) for column in key))
        shared = sa.select(*key).select_from(sa.table(table.name)).where(given).group_by(*key)
        counted = sa.select(sa.func.count()).select_from(shared.having(sa.func.count() > 1).subquery())
        with self.engine.connect() as connection:
            return connection.execute(counted).scalar_one()

    def count(self, table: StoreTable) -> int:
        """Count the rows of a table."""
        with self.engine.connect() as connection:
            query = sa.select(sa.func.count()).select_from(sa.table(table.name))
            return connection.execute(query).scalar_one()

    def chunks(
        self,
        table: StoreTable,
        extras: list[str],
        since: datetime | None,
        only: Collection[str] | None = None,
    ) -> Iterator[pa.Table]:
        """Yield the rows changed since an instant, or all, as tables of text; missing columns are null.

        Where ``only`` is given, no other columns are read.

        Of ``extras``, columns that the contract does not know, each is named by its number: ``extra_0`` and so on.
        """

        def as_text(_: Any, reflected: sa.Table) -> sa.Select[Any]:
            known = [
                self._text_of(reflected, column.name)
                for column in table.columns
                if only is None or column.name in only
            ]
            others = [
                self._text_of(reflected, name).label(extra(position)) for position, name in enumerate(extras)
            ]
            query = sa.select(*known, *others)
            return query if since is None else query.where(self._changed(reflected, since))

        resource = sql_table(
            credentials=self.engine,
            table=table.name,
            metadata=sa.MetaData(),
            chunk_size=ROWS_AT_ONCE,
            backend="pyarrow",
            type_adapter_callback=lambda _: sa.Text(),
            query_adapter_callback=as_text,
        )
        yield from _weighed(resource)

    def _text_of(self, reflected: sa.Table, name: str) -> sa.Label[Any]:
        if name not in reflected.columns:
            return sa.cast(sa.null(), sa.Text).label(name)
        column = reflected.columns[name]
        value: sa.ColumnElement[Any] = sa.type_coerce(column, sa.types.NullType())
        if isinstance(column.type, MONEY):
            # As text it would have the currency sign and the commas of the database's locale.
            value = sa.cast(value, sa.Numeric)
        text = sa.cast(value, sa.Text)
        if self.engine.dialect.name != "sqlite" and not isinstance(column.type, _SHORT):
            start = sa.func.concat(CUT, sa.func.substr(text, 1, KEPT_OF_LARGE))
            return sa.case((sa.func.octet_length(text) > LARGEST_RECORD, start), else_=text).label(name)
        if self.engine.dialect.name in ("mysql", "mariadb") and isinstance(column.type, sa.TIMESTAMP):
            # MySQL keeps this type in UTC and shows it, in a UTC session, without saying so.
            return sa.func.concat(text, "+00:00").label(name)
        return text.label(name)

    def _changed(self, reflected: sa.Table, since: datetime) -> sa.ColumnElement[bool]:
        column = reflected.columns[CURSOR]
        if isinstance(column.type, sa.DateTime) and self.engine.dialect.name != "sqlite":
            has_zone = bool(column.type.timezone)
            bound: Any = since if has_zone else (since - timedelta(days=1)).replace(tzinfo=None)
            return sa.or_(column >= bound, column.is_(None))
        # Text: by day, a day earlier, so that neither an offset nor a blank for the T leaves a row out. What is
        # no date sorts anywhere, and must arrive to be rejected.
        day = (since - timedelta(days=1)).date().isoformat()
        text = sa.cast(sa.type_coerce(column, sa.types.NullType()), sa.Text)
        return sa.or_(text >= day, text < "1970", text.not_like("____-__-__%"), column.is_(None))


def extra(position: int) -> str:
    """Name a column that the contract does not know; its own name may hold anything."""
    return f"extra_{position}"


def _weighed(pieces: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Put pieces together until they are worth a query, by rows or by bytes."""
    waiting: list[pa.Table] = []
    rows = size = 0
    for piece in (part for whole in pieces for part in slices(whole, CHUNK_BYTES)):
        waiting.append(piece)
        rows, size = rows + piece.num_rows, size + piece.nbytes
        if rows >= CHUNK_ROWS or size >= CHUNK_BYTES:
            yield _joined(waiting)
            waiting, rows, size = [], 0, 0
    if waiting:
        yield _joined(waiting)


def _joined(pieces: list[pa.Table]) -> pa.Table:
    # A column without any value in a piece has no type there.
    return pa.concat_tables(pieces, promote_options="default")


def _text(value: bytes) -> str:
    if len(value) > LARGEST_RECORD:
        return CUT + value[:KEPT_OF_LARGE].decode(errors="backslashreplace")
    if (text := decoded(value)) is not None:
        return text
    shown = UNREADABLE + value.decode(errors="backslashreplace")
    return shown if len(shown) <= LARGEST_RECORD else CUT + shown[:KEPT_OF_LARGE]


def parsed_url(url: str) -> sa.URL:
    """Read the database URL; raises SourceError, which does not show it, if it is none, or its password is cut."""
    name = variable("store", "credentials")
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        # Alone: the cause may show a part of the password.
        raise SourceError("store", f"{name} is not a database URL; {_ESCAPED}") from None
    if parsed.password is not None and "@" in f"{parsed.host}{parsed.database}":
        raise SourceError("store", f"{name} has an @ too many; {_ESCAPED}")
    return parsed


_ESCAPED = "in a password, write @ as %40, : as %3A and / as %2F"


def with_driver(url: str) -> sa.URL:
    """Name an installed driver in a URL that names none; SQLAlchemy would take one that may be missing."""
    parsed = parsed_url(url)
    backend = "postgresql" if parsed.drivername == "postgres" else parsed.drivername
    installed = [driver for driver, module in _DRIVERS.get(backend, ()) if find_spec(module)]
    return parsed.set(drivername=f"{backend}+{installed[0]}") if installed else parsed.set(drivername=backend)


def shown(url: str) -> str:
    """Return a database URL without its password."""
    return parsed_url(url).render_as_string(hide_password=True)
