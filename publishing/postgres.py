"""A connection to a PostgreSQL database, and one published table written into it.

Messages never quote the password: libpq quotes the part of a URL that it cannot parse, which may be a part of it.
"""

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from pyarrow import csv

from printable import escaped
from publishing.errors import PublishError
from storage.sql import identifier

# 64 MB of the widest mart; larger batches were not faster.
ROWS_AT_A_TIME = 50_000
# A change of columns waits this long for queries that read the table, then fails.
LOCK_TIMEOUT = "60s"
_CSV = csv.WriteOptions(include_header=False, quoting_style="all_valid")
_SCHEMES = re.compile(r"postgres(ql)?(\+\w+)?://")
_TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "DOUBLE": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp without time zone",
    "TIMESTAMP WITH TIME ZONE": "timestamp with time zone",
}


@dataclass(frozen=True)
class Column:
    """A column of a published table, with its type in DuckDB."""

    name: str
    data_type: str
    comment: str | None

    @property
    def postgres_type(self) -> str:
        """The type as PostgreSQL's `format_type` writes it; nested values become JSON."""
        if self.data_type.startswith("MAP(") or self.data_type.endswith("]"):
            return "jsonb"
        if self.data_type.startswith("DECIMAL("):
            return self.data_type.replace("DECIMAL", "numeric")
        if self.data_type not in _TYPES:
            raise PublishError(f"The mirror knows no type of PostgreSQL for {self.data_type} ({self.name}).")
        return _TYPES[self.data_type]

    @property
    def expression(self) -> str:
        """DuckDB's expression for the value; PostgreSQL texts cannot contain NUL."""
        name = identifier(self.name)
        if self.postgres_type == "jsonb":
            return f"to_json({name})::varchar as {name}"
        return f"replace({name}, chr(0), '') as {name}" if self.postgres_type == "text" else name


@dataclass(frozen=True)
class Table:
    """A published table."""

    name: str
    comment: str | None
    columns: Sequence[Column]

    @property
    def layout(self) -> list[tuple[str, str]]:
        """Names and PostgreSQL's types of the columns, in order."""
        return [(column.name, column.postgres_type) for column in self.columns]


@contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    """Connect to the database at `url`; psycopg's errors become a PublishError of one line without the password."""
    scheme = _SCHEMES.match(url)
    try:
        parts = conninfo_to_dict("postgresql://" + url[scheme.end() :] if scheme else "")
    except psycopg.ProgrammingError:
        parts = {}
    # An unencoded special character cuts the password, and the rest is parsed as host, port or database.
    places = f"{parts.get('host', '')}{parts.get('dbname', '')}"
    if not parts or "@" in places or not re.fullmatch(r"[\d,]*", str(parts.get("port", ""))):
        raise PublishError(
            "URL has to be postgresql://user:password@host:port/database. In user and password, @ is written as %40, "
            ": as %3A, / as %2F and % as %25."
        )
    try:
        with psycopg.connect(**parts, autocommit=True, client_encoding="utf8") as connection:  # type: ignore[arg-type]
            yield connection
    except psycopg.Error as error:
        cause = error.diag.message_primary or (str(error).splitlines() or [type(error).__name__])[0]
        if password := str(parts.get("password", "")):
            cause = cause.replace(password, "***")
        raise PublishError(
            f"The mirror stopped: {escaped(cause)}. Its readers keep the version that they had."
        ) from None


def layout_of(target: psycopg.Connection, table: sql.Identifier) -> list[tuple[str, str]]:
    """Return names and types of a table's columns in order; an empty list if there is no such table."""
    return target.execute(
        "select attname, format_type(atttypid, atttypmod) from pg_attribute "
        "where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum",
        [table.as_string(target)],
    ).fetchall()


def create(target: psycopg.Connection, name: sql.Identifier, table: Table) -> None:
    """Create a table without rows."""
    columns = [
        sql.SQL("{} " + data_type).format(sql.Identifier(column)) for column, data_type in table.layout
    ]
    target.execute(sql.SQL("create table {} ({})").format(name, sql.SQL(", ").join(columns)))


def describe(target: psycopg.Connection, name: sql.Identifier, table: Table) -> None:
    """Set the descriptions of a table and its columns, in one round trip."""
    comments = [sql.SQL("comment on table {} is {}").format(name, sql.Literal(table.comment))]
    comments += [
        sql.SQL("comment on column {}.{} is {}").format(
            name, sql.Identifier(column.name), sql.Literal(column.comment)
        )
        for column in table.columns
    ]
    target.execute(sql.SQL("; ").join(comments))


def copy(
    source: duckdb.DuckDBPyConnection, target: psycopg.Connection, name: sql.Identifier, table: Table
) -> int:
    """Append the rows of the published table; return how many PostgreSQL has taken."""
    rows = source.sql(
        f"select {', '.join(column.expression for column in table.columns)} from {identifier(table.name)}"
    )
    with target.cursor() as cursor:
        # CSV, in which null is an empty field and an empty text is two quotes.
        with cursor.copy(sql.SQL("copy {} from stdin (format csv)").format(name)) as stream:
            for batch in rows.to_arrow_reader(ROWS_AT_A_TIME):
                text = io.BytesIO()
                csv.write_csv(batch, text, _CSV)
                stream.write(text.getbuffer())
        return cursor.rowcount
