"""What a dbt test expects, in a sentence for the UI: for most tests dbt has no more than a name of many words."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_BY_KIND = {
    "accepted_values": "Where {column_name} of {table} is given, it is one of {values}",
    "never_null": "No row of {table} lacks {any_column}",
    "not_null": "No row of {table} lacks {any_column}",
    "one_row_per": "No two rows of {table} have the same {all_columns}, and none lacks {any_column}",
    "relationships": "Where {column_name} of {table} is given, {to} has it as {field}",
    "unique": "No two rows of {table} have the same {all_columns}",
    "unique_combination": "No two rows of {table} have the same {all_columns}",
}
_NAME = re.compile(r"\w+(?=\W*\Z)")


def sentence_of(test: Mapping[str, Any]) -> str:
    """Return what a test of dbt's manifest expects: as its YAML says, or else by its kind and its arguments."""
    metadata = test.get("test_metadata") or {}
    if test["description"] or metadata.get("name") not in _BY_KIND:
        return str(test["description"]).strip() or str(test["name"]).replace("_", " ")
    arguments = metadata["kwargs"]
    columns = arguments.get("columns") or [arguments["column_name"]]
    told = {
        **arguments,
        "table": _name_in(arguments["model"]),
        "to": _name_in(arguments.get("to", "")),
        "values": _joined(arguments.get("values", ()), "or"),
        "any_column": _joined(columns, "or"),
        "all_columns": _joined(columns, "and"),
    }
    where = test["config"].get("where")
    return _BY_KIND[metadata["name"]].format(**told) + (f" (where {where})." if where else ".")


def _name_in(told: str) -> str:
    """Return the name at the end of ``ref('orders')`` or ``source('raw', 'orders')``, whatever is around it."""
    found = _NAME.search(told)
    return found[0] if found else ""


def _joined(words: Sequence[Any], by: str) -> str:
    *others, last = (str(word) for word in words) if words else ("",)
    return f"{', '.join(others)} {by} {last}" if others else last
