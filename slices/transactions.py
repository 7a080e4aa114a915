"""How a slice is merged: in one transaction, or in steps if one transaction does not fit into memory.

DuckDB keeps up to 16 KB in memory for each 2,048 rows of which a transaction has deleted one, until it commits.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from slices.judge import TestsFailedError


@contextmanager
def in_one_transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit everything at the end, or nothing after an error."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def in_steps(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commit each statement. Meanwhile, and after an error, the last build counts as interrupted.

    So the next run builds everything.
    """
    connection.execute("create or replace temp table last_build as from kept.slices.build")
    connection.execute("drop table kept.slices.build")
    try:
        yield
    except TestsFailedError as error:
        raise TestsFailedError(error.verdicts, "The next run builds everything.") from None
    connection.execute("create table kept.slices.build as from last_build")
