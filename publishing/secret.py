"""The key of hashed columns where none is set: made once, kept beside the warehouse, not in the repo."""

import os
import secrets
from pathlib import Path


def read_or_make_key(file: Path) -> str:
    """Return the key kept in `file`; a random one is made on first use, readable by its owner only."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as new:
            new.write(secrets.token_hex(32))
    return file.read_text(encoding="utf-8").strip()
