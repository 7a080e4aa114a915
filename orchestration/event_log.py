"""Where Dagster keeps the events of runs: its own SQLite files, which stay open between events.

A refresh with nothing new records 1,250 events, most of them plans, and a full build 3,700. Dagster's storage opens a
database, waits for the disk and closes it again up to three times for each. Its hook for many events at once
(`DAGSTER_EVENT_BATCH_SIZE`) does not help, because its storage in SQLite stores a batch one by one: the 1,250 events
took 13.7 s of processor time, and take 2.1 s here. This one keeps the databases open and stores a batch in one
transaction. Files and tables are the same, so either can read what the other wrote.
"""

import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar

from dagster import DagsterInstance, EventLogEntry, Field, StringSource

# Dagster documents storages of one's own, but exports neither its storage in SQLite nor what one is configured with.
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from security.private import keep_files_private

T = TypeVar("T")
# As few as need less than a second: no other process can store an event meanwhile.
_MOST_TOGETHER = 100
# Every run has a database of its own; a webserver looks at many.
_MOST_OPEN = 16
# Killed, a process loses nothing; a power cut may cost the last events of a run that it ends anyway. The UI follows a
# run by the file, which changes when so many pages have come together.
_PRAGMAS = ("journal_mode = wal", "synchronous = normal", "wal_autocheckpoint = 200")


class OpenSqliteEventLogStorage(SqliteEventLogStorage):
    """Dagster's storage of events in SQLite, with the databases left open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: dict[str, Engine] = {}
        # While events are stored together: the transactions, and the connection of each database that has one.
        self._together: ExitStack | None = None
        self._connections: dict[str, Connection] = {}
        super().__init__(base_dir, inst_data)
        # The thread that stores events together holds it, and takes it again for each event.
        self._db_lock = threading.RLock()  # type: ignore[assignment]

    @classmethod
    def config_type(cls) -> dict[str, Field]:
        """What `dagster.yaml` may say: the folder of the databases, else where Dagster itself has them."""
        return {"base_dir": Field(StringSource, is_required=False)}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> Self:
        """Make the storage of an instance."""
        # Every process of Dagster comes by here before it writes.
        keep_files_private()
        # Dagster stores planned events together only if this says of how many.
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "2000")
        home = Path(os.environ.get("DAGSTER_HOME", "."))
        return cls(config_value.get("base_dir") or str(home / "history" / "runs"), inst_data)

    @cached_property
    def supports_asset_checks(self) -> bool:
        """Whether the database has the table of asset checks; Dagster asks before it stores any event of a check."""
        return bool(super().supports_asset_checks)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction for each database that they go to."""
        with self.together():
            super().store_event_batch(events)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Store what this thread stores meanwhile in one transaction for each database; other threads wait."""
        with self._db_lock, ExitStack() as self._together:
            try:
                yield
            finally:
                self._together = None
                self._connections.clear()

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if self._together is None:
                with self._engine(shard).begin() as connection:
                    yield connection
                return
            if shard not in self._connections:
                self._connections[shard] = self._together.enter_context(self._engine(shard).begin())
            yield self._connections[shard]

    def wipe(self) -> None:
        """Forget all events; the databases are deleted."""
        self._close()
        super().wipe()

    def dispose(self) -> None:
        """Close all databases."""
        super().dispose()
        self._close()

    def _close(self) -> None:
        while self._engines:
            self._engines.popitem()[1].dispose()

    def _engine(self, shard: str) -> Engine:
        if shard not in self._engines:
            if len(self._engines) >= _MOST_OPEN:
                self._close()
            self._engines[shard] = self._opened(shard)
        return self._engines[shard]

    def _opened(self, shard: str) -> Engine:
        engine = create_engine(
            self.conn_string_for_shard(shard),
            poolclass=QueuePool,
            pool_size=1,
            connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
        )
        event.listen(engine, "connect", _set_up)
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        return engine


def _set_up(connection: Any, _record: object) -> None:
    for pragma in _PRAGMAS:
        connection.execute(f"pragma {pragma}")


def stored_together(instance: DagsterInstance, events: Iterable[T]) -> Iterator[T]:
    """Hand on what a step yields; Dagster stores the events of so many of them in one transaction."""
    storage = instance.event_log_storage
    together = storage.together if isinstance(storage, OpenSqliteEventLogStorage) else nullcontext
    remaining = iter(events)
    while some := list(islice(remaining, _MOST_TOGETHER)):
        with together():
            yield from some
