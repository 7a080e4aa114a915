"""DuckDB as every package opens it: with a memory limit, in UTC, without vacuum, files attached under quoted paths.

Without a limit DuckDB takes four fifths of the machine; what needs more spills to disk.
"""

from pathlib import Path

import duckdb

from storage.sql import literal

# A checkpoint would rewrite every row group from which a slice has deleted a row, which takes three times as long as
# to merge the slice. They are compact again after the next full build, at most a day later.
NO_VACUUM = {"max_vacuum_tasks": 0}
# For single questions, and for records that arrive.
MEMORY_LIMIT = "1GB"
# For passes over whole tables, as dbt's.
MEMORY_OF_WHOLE_TABLES = "3GB"


def open_file(
    file: Path, *, read_only: bool = False, memory_limit: str = MEMORY_LIMIT, **config: str
) -> duckdb.DuckDBPyConnection:
    """Open a database file. Raises duckdb.IOException if another process writes to it, or it cannot be read."""
    return _prepared(
        duckdb.connect(file, read_only=read_only, config={"memory_limit": memory_limit, **config})
    )


def open_in_memory(
    memory_limit: str = MEMORY_LIMIT, *, spill: Path | None = None, **attached: Path
) -> duckdb.DuckDBPyConnection:
    """Open a database in memory with files attached to be read, each under its name; it spills to ``spill``."""
    spills = {} if spill is None else {"temp_directory": str(spill)}
    connection = _prepared(duckdb.connect(config={"memory_limit": memory_limit, **spills}))
    try:
        for name, file in attached.items():
            attach(connection, file, name)
    except BaseException:
        connection.close()
        raise
    return connection


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str, *, read_only: bool = True) -> None:
    """Attach a database file under a name."""
    connection.execute(f"attach {literal(file)} as {name}{' (read_only)' if read_only else ''}")


def _prepared(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    # Global, so that it also holds for cursors.
    connection.execute("set global TimeZone = 'UTC'")
    for setting, number in NO_VACUUM.items():
        connection.execute(f"set global {setting} = {number}")
    return connection
