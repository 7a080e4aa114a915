"""What a source sends beyond what is known, or no longer sends, said in the report of every run."""

from collections.abc import Set

from printable import escaped, is_contact

SHOWN = 12


def note_drift(notes: list[str], where: str, *, extras: Set[str], missing: Set[str]) -> None:
    """Add a sentence for the names that are new at a place, and one for those that are not there."""
    if extras:
        notes.append(f"The {where} has more than is known, kept in extras: {listed(extras)}.")
    if missing:
        notes.append(f"The {where} lacks {listed(missing)}; nothing is loaded there.")


def listed(names: Set[str]) -> str:
    """List names on one line; they are the sender's, and may hold anything, somebody's address among it."""
    shown = [_shown(name) for name in sorted(names)[:SHOWN]]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(shown) + more


def _shown(name: str) -> str:
    if is_contact(name):
        return "(a contact)"
    return name if name.isidentifier() else escaped(repr(name))
