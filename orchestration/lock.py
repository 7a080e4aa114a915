"""The lock of a refresh: one at a time under a DAGSTER_HOME, and the lock of a dead process is free."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path) -> Iterator[bool]:
    """Say whether the block has the lock `file` to itself; False where another process has it."""
    with file.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
