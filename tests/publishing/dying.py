"""Publishing in a process of its own that dies: at a step of its own choice, or when it is killed from outside."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from publishing import PublishError, publish

# Starting from a process that has imported everything takes milliseconds, not a second.
_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.publishing.dying"])
STEPS = frozenset(
    {
        "open",
        "os.chmod",
        "os.link",
        "os.remove",
        "os.rename",
        "os.symlink",
        "os.mkdir",
        "os.rmdir",
        "shutil.copyfile",
    }
)
RENAMES = frozenset({"os.rename"})


@contextmanager
def publishing(
    arguments: dict[str, Any], *, dies_after: int | None = None, steps: frozenset[str] = STEPS
) -> Iterator[ForkServerProcess]:
    """Start a process that publishes with `arguments`; it has begun when the block is entered.

    With `dies_after`, it takes so many of the `steps` with files and kills itself (SIGKILL) before the next one.
    """
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process = _CONTEXT.Process(target=_publish, args=(arguments, dies_after, steps, theirs))
    process.start()
    theirs.close()
    ours.recv()
    try:
        yield process
    finally:
        process.kill()
        process.join()
        ours.close()


def _publish(
    arguments: dict[str, Any], dies_after: int | None, steps: frozenset[str], ready: Connection
) -> None:
    ready.send("ready")
    if dies_after is not None:
        sys.addaudithook(_Death(dies_after, steps, str(arguments["marts"].parent)))
    try:
        publish(**arguments)
    except PublishError as error:
        sys.exit(str(error))


class _Death:
    """Counts operations on files in `folder`, and kills this process before a given one."""

    def __init__(self, after: int, steps: frozenset[str], folder: str) -> None:
        self._left = after
        self._steps = steps
        self._folder = folder

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in self._steps or not str(arguments[0]).startswith(self._folder):
            return
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
