r"""Half an emoji, as JavaScript cuts texts: a half of a surrogate pair alone is no text, and becomes U+FFFD.

It comes as an escape in JSON (``\ud83d``), or as the three bytes that some encoders write for it.
"""

from ingestion.workbench import quoted

_HALF, _FIRST, _SECOND = (
    r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}",
    r"[89abAB][0-9a-fA-F]{2}",
    r"[c-fC-F][0-9a-fA-F]{2}",
)
_PAIR = rf"\\(u[dD]{_FIRST})\\(u[dD]{_SECOND})"
# Control characters that JSON never holds stand for what stays: escaped backslashes, and the pairs' backslashes.
_BACKSLASH, _KEPT = "chr(1)", "chr(2)"


def joined(text: str) -> str:
    """Return a text with the halves that belong together joined, and U+FFFD for those that stand alone."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def decoded(line: bytes) -> str | None:
    """Decode UTF-8, encoded halves of surrogate pairs among it; None for other bytes."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        pass
    try:
        return joined(line.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return None


def has_half(text: str) -> str:
    """Return SQL that is true if a JSON text may hold an escaped half."""
    return f"regexp_matches({text}, {quoted(_HALF)})"


def with_whole_escapes(text: str) -> str:
    r"""Write the SQL of a JSON text in which each escaped half that stands alone is ``\ufffd``."""
    kept = f"replace({text}, {quoted(2 * chr(92))}, {_BACKSLASH})"
    kept = f"regexp_replace({kept}, {quoted(_PAIR)}, {_KEPT} || '\\1' || {_KEPT} || '\\2', 'g')"
    kept = f"regexp_replace({kept}, {quoted(_HALF)}, {quoted(2 * chr(92) + 'ufffd')}, 'g')"
    kept = f"replace(replace({kept}, {_KEPT}, {quoted(chr(92))}), {_BACKSLASH}, {quoted(2 * chr(92))})"
    return f"CASE WHEN regexp_matches({text}, '[\\x01\\x02]') THEN {text} ELSE {kept} END"
