"""Writes a steward's decision from the review queue into the seed: finds the values of published hashes."""

import getpass
import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboards import lookup, signing_in
from security.keyed_hash import hmac as hashed
from security.keyed_hash import set_key
from stewardship.decide import DIFFERENT, SAME, Decision, DecisionError, read_decisions, write_decision
from stewardship.warehouse import WarehouseError, opened, project_path, warehouse_path

__all__ = ["DIFFERENT", "SAME", "Pair", "decide", "decided", "who_decides"]


@dataclass(frozen=True)
class Pair:
    """Two published identifiers: types, and values or their hashes."""

    left_type: str
    left_value: str
    right_type: str
    right_value: str

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Pair":
        """Return the pair of a row of `identity_review`."""
        return cls(row["left_type"], row["left_value"], row["right_type"], row["right_value"])


def who_decides() -> str | None:
    """Return who decides: the signed-in visitor; without sign-in the user of the dashboards; else None."""
    return signing_in.user() if signing_in.is_set_up() else getpass.getuser()


def decide(pair: Pair, decision: str, reason: str, *, has_personal_data: bool) -> Path:
    """Write SAME or DIFFERENT for a pair into the seed and return the file.

    Raises DecisionError without writing, also if the visitor may not decide, or if the warehouse cannot be read: the
    seed needs values, and the published marts have hashes.
    """
    name = who_decides()
    if name is None:
        raise DecisionError("Sign in to decide.")
    plain = pair if has_personal_data else _plain(pair)
    now = datetime.now(UTC).replace(tzinfo=None)
    return write_decision(
        project_path(),
        Decision(
            plain.left_type,
            plain.left_value,
            plain.right_type,
            plain.right_value,
            decision,
            name,
            now,
            reason,
        ),
    )


def decided(*, has_personal_data: bool) -> dict[Pair, str]:
    """Return the decisions in the seed by published pair; they count from the next refresh on."""
    key = b"" if has_personal_data else lookup.key()

    def published(value: str) -> str:
        return hmac.new(key, value.encode(), hashlib.sha256).hexdigest() if key else value

    return {
        Pair(
            row["left_type"], published(row["left_value"]), row["right_type"], published(row["right_value"])
        ): row["decision"]
        for row in read_decisions(project_path())
    }


def _plain(pair: Pair) -> Pair:
    """Return the pair with its values. Opens the warehouse for a moment only."""
    try:
        key = lookup.key()
        with opened(warehouse_path()) as warehouse:
            set_key(warehouse, key.decode())
            found = warehouse.execute(
                f"""
                select left_value, right_value
                from marts.identity_review
                where left_type = ? and {hashed("left_value")} = ? and right_type = ? and {hashed("right_value")} = ?
                """,
                [pair.left_type, pair.left_value, pair.right_type, pair.right_value],
            ).fetchone()
    except (WarehouseError, lookup.NoKeyError) as error:
        raise DecisionError(str(error)) from error
    if found is None:
        raise DecisionError("The warehouse no longer holds this pair for review: look at the page again.")
    return Pair(pair.left_type, str(found[0]), pair.right_type, str(found[1]))
