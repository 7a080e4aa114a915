"""`python -m dashboards.passwords NAME`: sets a person's password for the dashboards.

The file has a line for each person: the name, and a salted scrypt hash, which takes 0.2 s and 64 MB to compute.
"""

import argparse
import getpass
import hashlib
import hmac
import os
import secrets
import sys
import threading
import time
from pathlib import Path

from security.private import keep_files_private

SETTING = "DASHBOARDS_PASSWORD_FILE"
_COST, _BLOCK, _PARALLEL = 2**16, 8, 1
_MEMORY = 2 * 128 * _COST * _BLOCK
_SHORTEST = 10
_SECONDS_AFTER_A_WRONG_ONE = 1.0
_OTHERS = 0o077
# One at a time, so that parallel attempts wait for each other.
_trying = threading.Lock()


class PasswordFileError(ValueError):
    """The file cannot be used; the message says why."""


def is_right(file: Path, name: str, password: str) -> bool:
    """Return whether it is the password of that person; raises PasswordFileError. A wrong one takes a second."""
    known = _read(file)
    with _trying:
        # An unknown name takes as long as a known one.
        salt, wanted = known.get(name, (b"nobody", b""))
        right = hmac.compare_digest(_hash(password, salt), wanted)
        if not right:
            time.sleep(_SECONDS_AFTER_A_WRONG_ONE)
        return right


def set_password(file: Path, name: str, password: str) -> None:
    """Set a person's password; raises PasswordFileError."""
    if not name.strip() or ":" in name or not name.isprintable():
        raise PasswordFileError("A name has no colon and no control characters, and is not empty.")
    if len(password) < _SHORTEST:
        raise PasswordFileError(f"A password has {_SHORTEST} characters or more.")
    known = _read(file) if file.exists() else {}
    salt = secrets.token_bytes(16)
    known[name] = (salt, _hash(password, salt))
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    with os.fdopen(
        os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as written:
        written.writelines(
            f"{each}:{salt.hex()}:{found.hex()}\n" for each, (salt, found) in sorted(known.items())
        )
    new.replace(file)


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=_MEMORY)


def _read(file: Path) -> dict[str, tuple[bytes, bytes]]:
    """Return salt and hash by name."""
    try:
        if file.stat().st_mode & _OTHERS:
            raise PasswordFileError(f"{file} can be read by others: chmod 600 {file}")
        lines = file.read_text(encoding="utf-8").splitlines()
        parts = [line.split(":") for line in lines if line.strip()]
        return {name: (bytes.fromhex(salt), bytes.fromhex(found)) for name, salt, found in parts}
    except OSError as error:
        raise PasswordFileError(f"{file} ({SETTING}) cannot be read: {error.strerror}.") from error
    except ValueError as error:
        if isinstance(error, PasswordFileError):
            raise
        raise PasswordFileError(f"{file} ({SETTING}) has a line that is not name:salt:hash.") from error


def main(arguments: list[str] | None = None) -> int:
    """Ask for a password and store its hash; return 1 with a message if that is impossible."""
    parser = argparse.ArgumentParser(
        prog="python -m dashboards.passwords", description=__doc__.splitlines()[0]
    )
    parser.add_argument("name", help="of the person, as they will type it")
    options = parser.parse_args(arguments)
    keep_files_private()
    setting = os.environ.get(SETTING, "")
    if not setting:
        print(f"Set {SETTING} to the file of passwords first.", file=sys.stderr)
        return 1
    try:
        set_password(Path(setting), options.name, getpass.getpass(f"Password of {options.name}: "))
    except PasswordFileError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{options.name} can sign in.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
