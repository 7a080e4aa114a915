"""Errors of publishing, with messages for the person who must fix them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


class PublishError(Exception):
    """The message names the mart or file and the cause; readers still have one complete version."""


@contextmanager
def in_words(marts: Path) -> Iterator[None]:
    """Return one sentence for an error of the disk or of DuckDB's files; neither contains data."""
    try:
        yield
    except (OSError, duckdb.OperationalError, duckdb.FatalException) as error:
        cause = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise PublishError(
            f"Publishing to {marts} stopped: {cause}. What readers have is one whole version; fix the cause and "
            "run again."
        ) from error
