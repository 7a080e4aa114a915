"""Values of records are kept out of sight in the messages of errors."""

import re

# From the first quote to the last: a value may hold one. An apostrophe within a word is none.
_OPENED = r"(?:(?<!\w)'|\")"
_CLOSED = r"(?:'(?!\w)|\")"
# A value with a line break, or whatever else a message is cut at, is opened and not closed.
_QUOTED = re.compile(f"{_OPENED}.*{_CLOSED}|{_OPENED}.*")


def without_quoted(line: str) -> str:
    """Return a line of a message with what it quotes, in single quotes or double, put out of sight."""
    return _QUOTED.sub("…", line)
