"""Lists of names of people and streets, and of phone numbers of nobody."""

from functools import cache
from pathlib import Path

LISTS = Path(__file__).parent / "lists"


@cache
def names(kind: str) -> tuple[str, ...]:
    """Return the entries of one list: the name of a file in ``lists``."""
    return tuple((LISTS / f"{kind}.txt").read_text(encoding="utf-8").split())
