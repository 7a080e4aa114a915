"""A PostgreSQL server of one's own, for the length of a test."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

DATABASE = "store"
OWNER = "throughline"
SECONDS_TO_START = 60


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Start a PostgreSQL cluster in a temporary folder and give the URL of an empty database in it.

    The server runs as an ordinary user (it refuses root), listens on 127.0.0.1 only, and is gone afterwards.
    Skips the test if the machine has no server binaries or no ordinary user.
    """
    binaries = _server_binaries()
    as_user = _ordinary_user()
    home = Path(tempfile.mkdtemp(prefix="throughline-postgres-", dir="/tmp"))
    try:
        if as_user:
            shutil.chown(home, user=as_user[1])
        cluster = home / "cluster"
        port = _free_port()
        _run(
            [binaries / "initdb", "-D", cluster, "-U", OWNER, "--auth=trust", "-E", "UTF8", "-N"],
            as_user,
            home,
        )
        listening = f"-h 127.0.0.1 -p {port} -k {home} -F"
        server: list[str | Path] = [binaries / "pg_ctl", "-D", cluster, "-w", "-t", str(SECONDS_TO_START)]
        _run([*server, "-l", home / "log", "-o", listening, "start"], as_user, home)
        try:
            address = ["-h", "127.0.0.1", "-p", str(port), "-U", OWNER]
            _run([binaries / "createdb", *address, DATABASE], as_user, home)
            yield f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/{DATABASE}"
        finally:
            _run([*server, "-m", "immediate", "stop"], as_user, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _server_binaries() -> Path:
    """Find the folder with ``initdb``: where ``pg_config`` says, or in Debian's version folders."""
    folders: list[Path] = []
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(answer.stdout.strip()))
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    if not found:
        pytest.skip("no PostgreSQL server binaries on this machine (initdb, postgres)")
    return found[0]


def _ordinary_user() -> tuple[str, str] | None:
    """Say which tool can become which user, where we are root; None if we are ordinary ourselves."""
    if os.geteuid() != 0:
        return None
    tool = next((name for name in ("setpriv", "runuser") if shutil.which(name)), None)
    user = next((name for name in ("postgres", "nobody") if _exists(name)), None)
    if tool is None or user is None:
        pytest.skip("PostgreSQL does not run as root, and there is no ordinary user to run it as")
    return tool, user


def _exists(user: str) -> bool:
    return subprocess.run(["id", user], capture_output=True, check=False).returncode == 0


def _run(command: Sequence[str | Path], as_user: tuple[str, str] | None, folder: Path) -> None:
    """Run one of the server's tools; its output shows when it fails."""
    words = [str(word) for word in command]
    if as_user and as_user[0] == "setpriv":
        words = ["setpriv", f"--reuid={as_user[1]}", "--clear-groups", *words]
    elif as_user:
        words = ["runuser", "-u", as_user[1], "--", *words]
    with (folder / "tool-output").open("w+", encoding="utf-8") as output:
        done = subprocess.run(words, stdout=output, stderr=subprocess.STDOUT, cwd=folder, check=False)
        output.seek(0)
        assert done.returncode == 0, f"{words} failed:\n{output.read()}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
