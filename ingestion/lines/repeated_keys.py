"""Keys that a JSON object holds more than once: the first value is read, and the report of the run says so."""

from collections.abc import Sequence

from ingestion.load.fields import listed
from ingestion.workbench import Workbench, quoted

_DOCUMENTS = ("context", "properties", "traits")
# Each known key counts as a power of two of its own below this, each other key as this.
_OTHER = 1 << 40


def key_count(keys: str, known: Sequence[str]) -> str:
    """Write the SQL of a number that says which keys of a list are known, and whether one comes twice.

    A sum of different powers of two has as many bits as summands, with a power twice it has fewer: to look at
    the sum costs half of what comparing lists costs.
    """
    powers = " ".join(f"WHEN {quoted(key)} THEN {1 << number}::BIGINT" for number, key in enumerate(known))
    return f"list_sum(list_transform({keys}, lambda key: CASE key {powers} ELSE {_OTHER}::BIGINT END))"


def has_other_keys(count: str) -> str:
    """Return SQL that is true if a key is not known."""
    return f"{count} >= {_OTHER}"


def repeated_keys(keys: str, count: str) -> str:
    """Write the SQL of the keys that come more than once in a list, null where none does."""
    bits = f"bit_count({count}::BIGINT)"
    # Of other keys the sum says only how many they are.
    is_suspect = f"{bits} <> len({keys}) OR {has_other_keys(count)}"
    return f"CASE WHEN {is_suspect} THEN {_twice(keys)} END"


def _twice(keys: str) -> str:
    found = (
        f"list_filter(list_distinct({keys}), lambda one: len(list_filter({keys}, lambda key: key = one)) > 1)"
    )
    return f"CASE WHEN list_unique({keys}) <> len({keys}) THEN {found} END"


def note_repeated_keys(bench: Workbench, notes: list[str], source: str) -> None:
    """Add a sentence on the keys that come twice in judged messages, or in the documents that they hold."""
    shapes = "SELECT '' AS place, repeated AS keys, count(*) AS messages FROM judged GROUP BY ALL"
    # Messages of one kind have the same keys, so there are few different lists to look through.
    for name in _DOCUMENTS:
        keys = f"json_keys({name})"
        shapes += f"""
            UNION ALL SELECT {quoted(name + ".")}, any_value({keys}), count(*)
            FROM judged WHERE reason IS NULL GROUP BY hash({keys})"""
    found = bench.rows(f"""
        SELECT list(DISTINCT concat(place, key)), sum(messages)::BIGINT
        FROM (SELECT place, messages, unnest(CASE place WHEN '' THEN keys ELSE {_twice("keys")} END) AS key
            FROM ({shapes}))""")
    names, messages = found[0]
    if names:
        notes.append(
            f"The feed {source} repeats a key within one JSON object, and the first value is read:"
            f" {listed(set(names))} (in {messages:,} objects)."
        )
