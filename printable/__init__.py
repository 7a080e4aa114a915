"""Makes values of records safe to quote in a message, a log, a terminal or a page.

A value may contain anything: a line that claims that the run succeeded, or control sequences for a terminal. All code
that quotes a value uses this package.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

# Control characters, line separators, and marks that change the text direction; lone surrogates cannot be written.
_SIGNS = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb"
_CONTROL = re.compile(f"[{_SIGNS}\ud800-\udfff]")
_CONTROL_IN_LINES = re.compile(f"(?!\n)[{_SIGNS}\ud800-\udfff]")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CONTACT = re.compile(r"[^\s@<>(),;:]+(?:@|%40)[^\s@<>(),;:]+|\+\d[\d ().-]{7,}\d")
_PHONE = re.compile(r"\+?\d[\d ().-]{5,}\d")


def escaped(text: object) -> str:
    r"""Return a value on one line, its control characters as ``\x1b`` and ``\u202e``."""
    return _CONTROL.sub(_escape, str(text))


def escaped_lines(text: str) -> str:
    """Return a text of several lines without colours, its other control characters escaped."""
    return _CONTROL_IN_LINES.sub(_escape, _COLOUR.sub("", text).replace("\r\n", "\n"))


def escaped_sql(text: str) -> str:
    """Return a DuckDB expression for the same as ``escaped``."""
    signs = re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", f"[{_SIGNS}]")
    one = f"CASE WHEN regexp_matches(sign, '{signs}') THEN {_escape_sql('sign')} ELSE sign END"
    # Character by character; most texts have none to escape, and cost only the search.
    whole = f"array_to_string(list_transform(regexp_extract_all({text}, '(?s).'), lambda sign: {one}), '')"
    return f"CASE WHEN regexp_matches({text}, '{signs}') THEN {whole} ELSE {text} END"


def without_contacts(text: str) -> str:
    """Return a text with hidden e-mail addresses and phone numbers that begin with a plus."""
    return _CONTACT.sub("…", text)


def is_contact(name: str) -> bool:
    """Return whether the name of a field may be an e-mail address or phone number."""
    return _CONTACT.search(name) is not None or _PHONE.search(name) is not None


class _EscapedStream:
    """A stream of text whose control characters are escaped as they are written."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text; tabs stay, because tables use them."""
        self._stream.write("\t".join(escaped_lines(part) for part in text.split("\t")))
        return len(text)


@contextmanager
def escaped_output() -> Iterator[None]:
    """Escape everything that this process writes to stdout and stderr, including dbt's lines."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _EscapedStream(sys.stdout), _EscapedStream(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _escape_sql(sign: str) -> str:
    code = f"unicode({sign})"
    return f"CASE WHEN {code} < 256 THEN printf('\\x%02x', {code}) ELSE printf('\\u%04x', {code}) END"
