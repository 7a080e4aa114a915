"""A refresh that is ended from outside ends as one that is interrupted by hand, and says so."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

# A private module: Dagster gives this error no public name.
from dagster._core.errors import DagsterExecutionInterruptedError

SENTENCE = (
    "The refresh was ended by {}. What was loaded stays, and what is published is whole; run it again,"
    " nothing is loaded twice."
)


@contextmanager
def termination_as_interrupt() -> Iterator[list[str]]:
    """Interrupt the block when the process is asked to end; the signal's name is then in the list."""
    asked: list[str] = []

    def interrupt(number: int, _: FrameType | None) -> None:
        asked.append(signal.Signals(number).name)
        # Dagster ends its run, and dbt with it, on this one only, which whatever a script starts with & ignores.
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        os.kill(os.getpid(), signal.SIGINT)

    interrupted_by = signal.getsignal(signal.SIGINT)
    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupted_by)


def interrupted_sentence(error: Any) -> str:
    """Say that a step was interrupted by a signal that Dagster itself handled; empty for any other error."""
    while error is not None:
        if error.cls_name == DagsterExecutionInterruptedError.__name__:
            return (
                "The run was ended from outside, by SIGTERM or Ctrl+C. Run it again; nothing is loaded twice, and"
                " nothing was published."
            )
        error = error.cause or error.context
    return ""


def killed_sentence(code: int) -> str:
    """Say that a program was ended by a signal; its exit code is the signal's number below nought."""
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    if -code == signal.SIGKILL:
        return (
            f"dbt was killed ({name}), as the system does when memory runs out. Lower WAREHOUSE_MEMORY or make room,"
            " and run again; nothing was published."
        )
    return f"dbt was ended from outside ({name}). Run again; nothing was published."
