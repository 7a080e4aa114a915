"""Progress of a long run, a line every few seconds."""

import time
from collections.abc import Callable

SECONDS_BETWEEN_NEWS = 5.0
Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, of: int) -> None:
    """Report nothing."""


class Announcer:
    """Prints the progress of a run every few seconds; quick runs print nothing."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()

    def __call__(self, what: str, done: int, of: int) -> None:
        """Report that ``done`` of ``of`` things are done."""
        now = time.monotonic()
        if now - self._last >= SECONDS_BETWEEN_NEWS:
            self._last = now
            print(f"  {done:,} of {of:,} {what}, {now - self._started:.0f} s", flush=True)
