"""Reads the published file: one connection per version, so that a swap is visible at once.

DuckDB keeps one instance per path and process, so a second connection to the path would read the old version as long as
the first is open. So the file is attached to a connection in memory, one for each inode and modification time.
"""

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from storage.sessions import attach, open_in_memory

_MEMORY_LIMIT = "2GB"
_KEPT_ANSWERS = 400

# Runs a query with parameters, on the tables that the visitor may see.
Ask = Callable[..., pd.DataFrame]
# A version of the file is identified by inode and modification time, in nanoseconds.
FileState = tuple[str, int, int]


class UnreadableError(RuntimeError):
    """There is no published file to read; the message says why and what to do."""


@dataclass(frozen=True)
class Status:
    """The row of the table `publication`; `sources` has the result of each source."""

    version: str
    run_at: datetime
    is_complete: bool
    has_personal_data: bool
    sources: dict[str, str]

    @property
    def failed(self) -> list[str]:
        """The sources that failed in the run."""
        return sorted(name for name, ended in self.sources.items() if ended == "failed")


_open: dict[str, tuple[FileState, duckdb.DuckDBPyConnection]] = {}
_opening = threading.Lock()


def marts_path() -> Path:
    """Return the path of the published marts (`MARTS_PATH`)."""
    return Path(os.environ.get("MARTS_PATH") or "data/marts.duckdb").absolute()


def rows(sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
    """Return the result of a query on the current version; raises UnreadableError.

    Results are cached until the file changes.
    """
    return _answer(state_of(marts_path()), sql, tuple(parameters))


def status() -> Status:
    """Return the published version and its completeness; raises UnreadableError."""
    found = rows("select version, run_at, is_complete, has_personal_data, sources from publication").iloc[0]
    return Status(
        found["version"],
        found["run_at"].to_pydatetime(),
        bool(found["is_complete"]),
        bool(found["has_personal_data"]),
        dict(found["sources"]),
    )


def state_of(file: Path) -> FileState:
    """Return the identity of a version of the file; raises UnreadableError."""
    try:
        found = file.stat()
    except OSError as error:
        raise UnreadableError(
            f"Nothing is published at {file} ({error.strerror}). Run a refresh, or `make demo`, first; MARTS_PATH "
            "names another file."
        ) from None
    return str(file), found.st_ino, found.st_mtime_ns


def attached(files: dict[str, Path]) -> duckdb.DuckDBPyConnection:
    """Return a new connection in memory with these files attached, read only, by name; raises UnreadableError."""
    connection = open_in_memory(_MEMORY_LIMIT)
    for name, file in files.items():
        try:
            attach(connection, file, name)
        except duckdb.Error as error:
            connection.close()
            raise UnreadableError(f"{file} cannot be read: {str(error).splitlines()[0]}") from error
    return connection


@st.cache_data(show_spinner=False, max_entries=_KEPT_ANSWERS)
def _answer(state: FileState, sql: str, parameters: tuple[Any, ...]) -> pd.DataFrame:
    with _session(state) as session:
        # A session does not inherit the database that its connection uses.
        session.execute("use marts")
        return session.execute(sql, list(parameters)).df()


def _session(state: FileState) -> duckdb.DuckDBPyConnection:
    """Return a session to this version of the file; the connection to an older one is closed."""
    path = state[0]
    with _opening:
        held = _open.get(path)
        if held is None or held[0] != state:
            connection = attached({"marts": Path(path)})
            if held is not None:
                # Running queries have sessions of their own and end on the version with which they began.
                held[1].close()
            _open[path] = held = (state, connection)
        return held[1].cursor()
