"""Hides values of records in error messages."""

import re

# From the first quote to the last, since a value may contain one. An apostrophe within a word is not a quote.
_OPENED = r"(?:(?<!\w)'|\")"
_CLOSED = r"(?:'(?!\w)|\")"
# A value with a line break is opened and not closed.
_QUOTED = re.compile(f"{_OPENED}.*{_CLOSED}|{_OPENED}.*")


def without_quoted(line: str) -> str:
    """Return a line of a message with everything in single or double quotes hidden."""
    return _QUOTED.sub("…", line)
