"""Progress of a run in plain lines: each step as it ends, with its seconds, and news of a long one."""

import time
from typing import TextIO

import dagster as dg

_SECONDS_BETWEEN_NEWS = 10.0
_WIDTH = 42
_ENDINGS = {
    dg.DagsterEventType.STEP_SUCCESS: "done",
    dg.DagsterEventType.STEP_FAILURE: "FAILED",
    dg.DagsterEventType.STEP_SKIPPED: "skipped",
}


class Progress:
    """Hears the events of a run in this process and prints what they mean to `console`."""

    def __init__(self, console: TextIO) -> None:
        self._console = console
        self._started = self._last_news = time.monotonic()
        self._built = 0

    def __call__(self, entry: dg.EventLogEntry) -> None:
        """Hear an event."""
        event = entry.dagster_event
        if event is None or event.step_key is None:
            return
        if event.event_type == dg.DagsterEventType.STEP_START:
            self._started = self._last_news = time.monotonic()
            self._built = 0
        elif event.event_type in _ENDINGS:
            seconds = time.monotonic() - self._started
            ending = _ENDINGS[event.event_type]
            took = "" if ending == "skipped" else f"{seconds:>8.1f} s"
            self._print(f"  {_name_of(event.step_key):<{_WIDTH}}{ending:<8}{took}")
        elif event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            self._built += 1
            if time.monotonic() - self._last_news > _SECONDS_BETWEEN_NEWS:
                self._last_news = time.monotonic()
                self._print(f"  {_name_of(event.step_key):<{_WIDTH}}{_tables(self._built)} so far")

    def _print(self, line: str) -> None:
        print(line.rstrip(), file=self._console, flush=True)


def _tables(count: int) -> str:
    return "1 table" if count == 1 else f"{count:,} tables"


def _name_of(step: str) -> str:
    return step.replace("__", " ")
