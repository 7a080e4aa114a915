"""Locks on files and folders, which the kernel frees when the process that holds them ends, by whatever cause."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def hold(path: Path) -> int:
    """Wait for the lock on a folder, or on a file that is created if it does not exist; closing the result frees it."""
    descriptor = _opened(path)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def try_to_hold(path: Path) -> int | None:
    """Take the lock as ``hold`` does, but return None if another process has it."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


@contextmanager
def locked(path: Path, *, waits: bool = False) -> Iterator[bool]:
    """Yield whether the block has the lock to itself; False if another process has it, unless it ``waits`` for that."""
    descriptor = hold(path) if waits else try_to_hold(path)
    try:
        yield descriptor is not None
    finally:
        if descriptor is not None:
            os.close(descriptor)


def is_free(path: Path) -> bool:
    """Return whether no process holds the lock on an existing file; a file that is gone is free."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return True
    try:
        # Shared, so that two that look at the same time do not take it for held.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR | os.O_CREAT, 0o600)
