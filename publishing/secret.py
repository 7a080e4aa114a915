"""The key of hashed columns if none is set: generated once, stored next to the warehouse, not in the repository."""

import os
import secrets
from pathlib import Path

from publishing.shelf import sync


def read_or_make_key(file: Path) -> str:
    """Return the key in `file`; a random one is generated on first use, readable by its owner only."""
    return read_key(file) or _make(file)


def read_key(file: Path) -> str:
    """Return the key in `file`, or an empty text if there is none."""
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""


def _make(file: Path) -> str:
    """Write a key and rename the file, so that a killed process does not leave an empty one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.new")
    key = secrets.token_hex(32)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        written.write(key)
    sync(new)
    new.replace(file)
    sync(file.parent)
    return key
