"""Commands that are killed, by the signal that no program can catch."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SECONDS_TO_END = 300


def killed_at(
    command: Sequence[str],
    seconds: float,
    environment: Mapping[str, str] | None = None,
    folder: Path = REPOSITORY,
) -> subprocess.CompletedProcess[str] | None:
    """Start a command and kill it, and whatever it started, after so many seconds.

    It runs in the project's root, or in ``folder``, with ``environment`` on top of this process's own. Returns None
    if it was killed, and what it said and its exit code if it had ended by itself before.
    """
    process = _started(command, environment, folder)
    try:
        said, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return subprocess.CompletedProcess(command, process.returncode, said)


def finished(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return what it said, errors included; it must succeed."""
    done = killed_at(command, SECONDS_TO_END, environment)
    assert done is not None, f"{command} is not done after {SECONDS_TO_END} s"
    assert done.returncode == 0, done.stdout
    return done.stdout


def _started(
    command: Sequence[str], environment: Mapping[str, str] | None, folder: Path
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A group of its own, so that one signal reaches all of it.
        start_new_session=True,
    )
