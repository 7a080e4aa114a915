"""The journal of an unfinished erasure: what it has found and done, so that it can be finished after a kill.

The file has personal data. Only its owner can read it, and it is removed when the erasure is done.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from publishing.shelf import sync

FOUND, LANDED, SWAPPED, PUBLISHED = "found", "landed", "swapped", "published"


@dataclass(frozen=True)
class Journal:
    """An erasure: its id and request, its step, and what it has found.

    `values` are pairs (kind, value), `traces` texts to search for, `record_ids` ids of removed records, `rewritten` the
    rewritten landing files by url: checksum before, then checksum, bytes and time of change after. `counts` are for the
    certificate.
    """

    erasure_id: str
    who: list[str]
    reason: str
    by: str
    asked_at: str
    step: str
    customer_ids: list[str]
    keeps_orders: bool = True
    manifest: str = ""
    values: list[list[str]] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    record_ids: list[str] = field(default_factory=list)
    verdicts: list[list[str]] = field(default_factory=list)
    rewritten: dict[str, list[Any]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)

    def at(self, step: str, **changes: Any) -> "Journal":
        """Return the journal of an erasure at `step`."""
        return replace(self, step=step, **changes)


def journal_file(work: Path) -> Path:
    """Return the file of the journal."""
    return work / "journal.json"


def read_journal(work: Path) -> Journal | None:
    """Return the erasure that was begun and not finished, if there is one."""
    file = journal_file(work)
    return Journal(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def write_journal(work: Path, journal: Journal) -> Journal:
    """Replace the journal in one step, and return it."""
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = journal_file(work)
    new = file.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as written:
        json.dump(asdict(journal), written, ensure_ascii=False)
    sync(new)
    new.replace(file)
    sync(work)
    return journal


def forget_journal(work: Path) -> None:
    """Remove the folder of a finished erasure, the journal last, so that a kill leaves no files without it."""
    for each in work.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each != journal_file(work):
            each.unlink()
    shutil.rmtree(work)
