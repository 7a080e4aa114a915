"""DuckDB for Great Expectations: through SQLAlchemy, buffered, read only.

Great Expectations reads a result after it has handed the connection back. DuckDB's cursor is the connection,
so by then the rows are gone ("list index out of range"); this dialect fetches them once a statement has run.
"""

from pathlib import Path

from duckdb_sqlalchemy import Dialect, DuckDBExecutionContext
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

_NAME = "duckdb.buffered"


class BufferedExecutionContext(DuckDBExecutionContext):
    """Keeps a statement's rows in memory once it has run."""

    def post_exec(self) -> None:
        """Fetch the rows of the cursor."""
        super().post_exec()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class BufferedDialect(Dialect):
    """`duckdb+buffered://`: DuckDB whose results outlive their connection."""

    driver = "buffered"
    supports_statement_cache = True
    execution_ctx_cls = BufferedExecutionContext


def read_only_url(database: Path, memory_limit: str) -> str:
    """Return the SQLAlchemy URL of a DuckDB file, opened read only through the buffered dialect.

    `memory_limit` (`4GB`) is DuckDB's memory limit; without one it caches as much as fits.
    """
    registry.register(_NAME, __name__, BufferedDialect.__name__)
    return f"duckdb+buffered:///{database.absolute()}?access_mode=read_only&memory_limit={memory_limit}"
