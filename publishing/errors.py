"""What can go wrong while publishing, in words for the person who must fix it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


class PublishError(Exception):
    """The message names the mart or the file and the cause; what readers have is one whole version."""


@contextmanager
def in_words(marts: Path) -> Iterator[None]:
    """Make one sentence of what the disk or DuckDB's files refuse; both say it without any data."""
    try:
        yield
    except (OSError, duckdb.OperationalError, duckdb.FatalException) as error:
        cause = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
        raise PublishError(
            f"Publishing to {marts} stopped: {cause}. What readers have is one whole version; fix the cause and "
            "run again."
        ) from error
