"""A connection to the current version of the published marts."""

import os
from pathlib import Path
from threading import Lock

import duckdb

from metrics.errors import MetricsError
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_in_memory

# The name under which the file is attached, whatever its own name is.
DATABASE = "marts"

_lock = Lock()
_opened: dict[Path, tuple[tuple[int, int], duckdb.DuckDBPyConnection]] = {}


def marts_path() -> Path:
    """Return the path of the published file: MARTS_PATH, else `data/marts.duckdb`."""
    return Path(os.environ.get("MARTS_PATH") or "data/marts.duckdb")


def cursor(marts: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Return a cursor, for the caller to close, to which the published file is attached read-only as `marts`.

    Cursors share one connection until another version is published; after that DuckDB would still read the old one.
    Raises MetricsError if nothing is published at `marts`.
    """
    path = (marts or marts_path()).absolute()
    with _lock:
        try:
            found = path.stat()
        except FileNotFoundError:
            raise MetricsError(
                f"Nothing is published at {path}: run a refresh or `make demo` first."
            ) from None
        version = (found.st_ino, found.st_mtime_ns)
        if path not in _opened or _opened[path][0] != version:
            # The previous connection ends with its last cursor, which another thread may still use.
            _opened[path] = (version, _attached(path))
        return _opened[path][1].cursor()


def _attached(path: Path) -> duckdb.DuckDBPyConnection:
    return open_in_memory(MEMORY_OF_WHOLE_TABLES, **{DATABASE: path})
