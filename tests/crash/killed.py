"""Runs commands and kills them with SIGKILL, which no program can catch."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from tests.crash.phases import Instant

REPOSITORY = Path(__file__).parents[2]
SECONDS_TO_END = 300
_SECONDS_BETWEEN_LOOKS = 0.02


def killed_at(
    command: Sequence[str],
    seconds: float,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str] | None:
    """Start a command and kill it and its children after so many seconds.

    It runs in the project's root, with ``environment`` on top of this process's own. Returns None if it was killed,
    and what it said and its exit code if it had ended by itself before.
    """
    process = _started(command, {**os.environ, **(environment or {})}, REPOSITORY, subprocess.PIPE)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return subprocess.CompletedProcess(command, process.returncode, said)


def killed_after(
    command: Sequence[str],
    instant: Instant,
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path,
    alone: bool,
) -> subprocess.CompletedProcess[str] | None:
    """Start a command in a folder, with nothing but ``environment``; kill it at an instant that its log determines.

    What it started is killed with it, or, as where the kernel is short of memory, it is killed ``alone``. Returns None
    if it was killed, and what it said and its exit code if it had ended by itself before.
    """
    # Not a pipe: leftover children of a killed command would keep it open.
    said = folder / "said.txt"
    log.unlink(missing_ok=True)
    with said.open("w", encoding="utf-8") as output:
        process = _started(command, environment, folder, output)

    def has(sign: str) -> bool:
        return log.exists() and sign in log.read_text(errors="replace")

    _wait_until(lambda: process.poll() is not None or has(instant.sign))
    end = time.monotonic() + instant.seconds
    _wait_until(lambda: process.poll() is not None or time.monotonic() >= end or has(instant.latest))
    if process.poll() is None:
        (os.kill if alone else os.killpg)(process.pid, signal.SIGKILL)
        process.wait()
        return None
    return subprocess.CompletedProcess(command, process.returncode, said.read_text(encoding="utf-8"))


def _wait_until(so: Callable[[], bool]) -> None:
    while not so():
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def finished(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return its output with errors; it must succeed."""
    done = killed_at(command, SECONDS_TO_END, environment)
    assert done is not None, f"{command} is not done after {SECONDS_TO_END} s"
    assert done.returncode == 0, done.stdout
    return done.stdout


def _started(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, output: int | IO[str]
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=output,
        stderr=subprocess.STDOUT,
        text=True,
        # A process group of its own, so that one signal reaches all children.
        start_new_session=True,
    )
