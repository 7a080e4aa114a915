"""Does work in several sessions at a time to one database, each item after those that it waits for.

Tables of a slice have few rows, and DuckDB gives such a statement one processor, however many there are.
"""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from typing import TypeVar

import duckdb

from slices.sql import value

Item = TypeVar("Item")
Work = Callable[[duckdb.DuckDBPyConnection, Item], None]
# All sessions share the memory limit.
MOST = 4


def work_in_order(
    connection: duckdb.DuckDBPyConnection, waits_for: Mapping[Item, Collection[Item]], work: Work[Item]
) -> None:
    """Do ``work`` with each item of ``waits_for``, after the items that it waits for, in a session for each processor.

    Sessions do not see the connection's temporary tables, nor what its transaction has not committed. Raises the first
    error, after all work that was started has ended.
    """
    waiting = TopologicalSorter(waits_for)
    waiting.prepare()
    processors = int(value(connection, "select current_setting('threads')"))
    free = [connection.cursor() for _ in range(min(processors, MOST))]
    sessions = list(free)
    ready: list[Item] = []
    running: dict[Future[None], tuple[Item, duckdb.DuckDBPyConnection]] = {}
    try:
        with ThreadPoolExecutor(len(sessions)) as pool:
            while waiting.is_active():
                ready += waiting.get_ready()
                while free and ready:
                    item, session = ready.pop(0), free.pop()
                    running[pool.submit(work, session, item)] = (item, session)
                ended, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    item, session = running.pop(future)
                    future.result()
                    free.append(session)
                    waiting.done(item)
    finally:
        for session in sessions:
            session.close()
