"""How a slice is merged: in one transaction, or in steps if one transaction does not fit into memory.

DuckDB keeps rows in vectors of 2,048. Until a transaction commits, it takes 16 KB of memory for each vector of which
it has deleted a row, and these cannot be spilled to disk.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from slices.judge import TestsFailedError
from slices.kept import merged
from slices.plan import Plan
from slices.sql import count, value

ROWS_OF_A_VECTOR = 2_048
BYTES_OF_A_VECTOR = 16_384
# Of the memory limit; the models of everybody need the rest.
MOST_FOR_DELETES = 0.25


def fits_into_one(connection: duckdb.DuckDBPyConnection, plan: Plan) -> bool:
    """Return whether there is probably enough memory to replace the rows of `touched` in one transaction."""
    tables = [plan.table_of(name) for name in merged(plan)]
    rows = value(
        connection,
        f"""
        select sum(estimated_size) from duckdb_tables()
        where database_name = 'kept' and schema_name || '.' || table_name in {tuple(tables)}
        """,
    )
    share = count(connection, "touched") / max(count(connection, "kept.marts.dim_customers"), 1)
    vectors = min(rows / ROWS_OF_A_VECTOR, rows * share)
    limit = value(connection, "select parse_formatted_bytes(current_setting('memory_limit'))")
    return bool(vectors * BYTES_OF_A_VECTOR <= limit * MOST_FOR_DELETES)


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
