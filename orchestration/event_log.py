"""Where Dagster keeps the events of runs: its own SQLite files, which stay open between events.

A refresh records some three thousand events. Dagster's storage opens a database, waits for the disk and closes it
again for each of them, up to three times: half a minute of a refresh. This one keeps the databases open, lets SQLite
hand over to the disk by the dozen, and stores many events in one transaction where it is asked to. Files and tables are
the same, so either can read what the other wrote.
"""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any, Self, TypeVar

from dagster import DagsterInstance, EventLogEntry, Field, StringSource
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from security.private import keep_files_private

T = TypeVar("T")
# As few as need less than a second: nobody else can store an event meanwhile.
_MOST_TOGETHER = 100
# Every run has a database of its own; a webserver looks at many.
_MOST_OPEN = 16
# Killed, a process loses nothing; a power cut may cost the last events of a run that it ends anyway. The UI follows a
# run by the file, which changes when so many pages have come together.
_PRAGMAS = ("journal_mode = wal", "synchronous = normal", "wal_autocheckpoint = 200")


class OpenSqliteEventLogStorage(SqliteEventLogStorage):
    """Dagster's storage of events in SQLite, with the databases left open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._of_thread = _OfThread()
        super().__init__(base_dir, inst_data)

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
        # Dagster stores planned events together only where this says of how many.
        os.environ.setdefault("DAGSTER_EVENT_BATCH_SIZE", "2000")
        home = Path(os.environ.get("DAGSTER_HOME", "."))
        return cls(config_value.get("base_dir") or str(home / "history" / "runs"), inst_data)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store events in one transaction for each database that they go to."""
        with self.together():
            super().store_event_batch(events)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Store what this thread stores meanwhile in one transaction for each database; other threads wait."""
        with self._db_lock, ExitStack() as transactions:
            self._of_thread.batch = _Batch(transactions)
            try:
                yield
            finally:
                self._of_thread.batch = None

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        batch = self._of_thread.batch
        if batch is not None:
            yield batch.connection(shard, self._engine(shard))
            return
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

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
        engine = self._engines.pop(shard, None) or self._opened(shard)
        self._engines[shard] = engine
        if len(self._engines) > _MOST_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return engine

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


class _Batch:
    """The transactions of the events that are stored together, by database."""

    def __init__(self, transactions: ExitStack) -> None:
        self._transactions = transactions
        self._connections: dict[str, Connection] = {}

    def connection(self, shard: str, engine: Engine) -> Connection:
        if shard not in self._connections:
            self._connections[shard] = self._transactions.enter_context(engine.begin())
        return self._connections[shard]


class _OfThread(threading.local):
    batch: _Batch | None = None


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
