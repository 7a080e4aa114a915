"""Processes several tables at a time, each in a session of its own to the same database.

One table after the other leaves a processor idle whenever one thread works on the last rows of a table.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

import duckdb

from security.keyed_hash import share_key
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_file

Item = TypeVar("Item")
Result = TypeVar("Result")

# Each may have some row groups in memory; more at a time were not faster.
AT_A_TIME = 2
MEMORY_LIMIT = MEMORY_OF_WHOLE_TABLES
# DuckDB 1.4 and newer read this; 1.x refuses the default format of DuckDB 2.0.
STORAGE_VERSION = "v1.4.0"


def opened(file: Path, *, memory_limit: str, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a file; one that does not exist yet is created in the storage format `STORAGE_VERSION`."""
    return open_file(
        file,
        read_only=read_only,
        memory_limit=memory_limit,
        storage_compatibility_version=STORAGE_VERSION,
    )


def for_each(
    connection: duckdb.DuckDBPyConnection,
    items: Sequence[Item],
    work: Callable[[duckdb.DuckDBPyConnection, Item], Result],
) -> list[Result]:
    """Do `work` with each of `items` in a session of its own; return the results in the items' order.

    The first error in that order is raised, after all started work has ended.
    """
    free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
    sessions = [connection.cursor() for _ in range(AT_A_TIME)]
    for session in sessions:
        share_key(connection, session)
        free.put(session)

    def in_a_free_session(item: Item) -> Result:
        session = free.get()
        try:
            return work(session, item)
        finally:
            free.put(session)

    try:
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return list(pool.map(in_a_free_session, items))
    finally:
        for session in sessions:
            session.close()
