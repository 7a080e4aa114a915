"""A steward's decision on two identifiers, written into the seed `identity_decisions`: a file in git, never a table.

The next refresh reads it. The steward commits it.
"""

import csv
import io
import os
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from pathlib import Path

from printable import escaped
from storage.locks import locked

SEED = Path("seeds/identity_decisions.csv")
SAME, DIFFERENT = "same_person", "do_not_link"


class DecisionError(ValueError):
    """The decision cannot be written; the message says why."""


@dataclass(frozen=True)
class Decision:
    """A row of the seed; `decision` is SAME or DIFFERENT, `decided_at` in UTC."""

    left_type: str
    left_value: str
    right_type: str
    right_value: str
    decision: str
    decided_by: str
    decided_at: datetime
    reason: str


def write_decision(project: Path, decision: Decision) -> Path:
    """Add the decision to the seed of a dbt project and return the file. Raises DecisionError.

    The file is replaced in one step, so nobody reads half a row. Concurrent decisions wait for each other.
    """
    if decision.decision not in (SAME, DIFFERENT):
        raise DecisionError(f"A decision must be {SAME} or {DIFFERENT}, not {decision.decision!r}.")
    if not decision.reason.strip() or not decision.decided_by.strip():
        raise DecisionError("A decision needs a reason, and somebody who made it.")
    seed = project / SEED
    try:
        with locked(seed.parent, waits=True):
            _append(seed, decision)
    except OSError as error:
        raise DecisionError(f"{seed} cannot be written: {error.strerror}.") from error
    return seed


def read_decisions(project: Path) -> list[dict[str, str]]:
    """Return the rows of the seed, the earliest written first; none if there is no such file."""
    seed = project / SEED
    if not seed.exists():
        return []
    with seed.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _append(seed: Path, decision: Decision) -> None:
    before = seed.read_text(encoding="utf-8")
    columns = [field.name for field in fields(Decision)]
    if before.splitlines()[:1] != [",".join(columns)]:
        raise DecisionError(f"{seed} does not begin with the columns {', '.join(columns)}.")
    row = io.StringIO()
    values = (
        f"{each:%Y-%m-%d %H:%M:%S}" if isinstance(each, datetime) else each for each in astuple(decision)
    )
    csv.writer(row, lineterminator="\n").writerow([escaped(value).strip() for value in values])
    new = seed.with_name(f".{seed.name}.new")
    with new.open("w", encoding="utf-8") as file:
        file.write(before if before.endswith("\n") else f"{before}\n")
        file.write(row.getvalue())
        file.flush()
        os.fsync(file.fileno())
    new.chmod(seed.stat().st_mode)
    new.replace(seed)
