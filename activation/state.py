"""Who is in an audience at its destination, as last sent: a file next to the warehouse, without any contact."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from activation.definitions import Audience


def public_id(customer_id: str) -> str:
    """Return the id of a customer for a destination, from which the customer id cannot be found."""
    return "m_" + hashlib.sha256(f"audience {customer_id}".encode()).hexdigest()[:32]


def read_state(folder: Path, audience: Audience) -> dict[str, str]:
    """Return the last sent state: a digest by public id."""
    file = folder / f"{audience.name}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def write_state(folder: Path, audience: Audience, state: Mapping[str, str]) -> None:
    """Replace the last sent state in one step."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{audience.name}.json"
    new = file.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        json.dump(dict(sorted(state.items())), out)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
