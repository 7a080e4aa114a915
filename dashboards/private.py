"""Access to the private publication for signed-in visitors; each access is logged.

There is no access without MARTS_PRIVATE_PATH, without a sign-in, or if it cannot be logged.
"""

import json
import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from dashboards import signing_in
from dashboards.publication import Ask, UnreadableError, attached, marts_path, state_of
from publishing.private_marts import SETTING

_OTHERS = 0o077


class PrivateError(RuntimeError):
    """The private publication cannot be used; the message says why."""


def private_path() -> Path | None:
    """Return the path of the private publication, or None."""
    setting = os.environ.get(SETTING, "").strip()
    return Path(setting).absolute() if setting else None


def asker() -> Ask | None:
    """Return the query function with names for a signed-in visitor; else None.

    Raises PrivateError if there is no file, or others can read it. Results are not cached.
    """
    private = private_path()
    if private is None or signing_in.user() is None:
        return None
    try:
        state_of(private)
        mode = private.stat().st_mode
    except UnreadableError:
        raise PrivateError(
            f"Nothing is published at {private} yet: names come with the next refresh."
        ) from None
    if mode & _OTHERS:
        raise PrivateError(f"{private} can be read by others, so it is not used: chmod 400 {private}")

    def ask(sql: str, parameters: Sequence[Any] = ()) -> pd.DataFrame:
        with closing(_attached(private)) as connection:
            return connection.execute(sql, list(parameters)).df()

    return ask


def note_look(customer_id: str) -> None:
    """Log that the visitor looks at a customer; raises PrivateError if that is impossible."""
    private, user = private_path(), signing_in.user()
    if private is None or user is None:
        raise PrivateError("Nobody has signed in.")
    line = {
        "looked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "user": user,
        "customer_id": customer_id,
    }
    try:
        descriptor = os.open(log_path(private), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
            log.flush()
            os.fsync(log.fileno())
    except OSError as error:
        raise PrivateError(
            f"Names are masked, because looks cannot be logged in {log_path(private)}: {error.strerror}."
        ) from error


def log_path(private: Path) -> Path:
    """Return the access log, next to the private publication: a line of JSON per access."""
    return private.with_name(f"{private.stem}_looks.jsonl")


def _attached(private: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection in which private tables take precedence over public ones."""
    connection = attached({"marts": marts_path(), "private": private})
    connection.execute("set search_path = 'private.main,marts.main'")
    return connection
