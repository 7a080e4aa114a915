"""What a text is checked for before it is read as JSON, as SQL on the column ``text``."""

from ingestion.workbench import quoted

DEEPEST = 32
# JSON has neither a comma before a closing bracket nor NaN and Infinity; DuckDB's parser lets them pass.
_LENIENT = r"(?i),\s*[}\]]|[:,\[]\s*-?(?:nan|inf)"
_STRING = r'"(?:[^"\\]|\\.)*"'


def seems_lenient() -> str:
    """Look for what may be lenient at a sixth of the price of being sure."""
    numbers = " OR ".join(f"contains(text, '{sign}')" for sign in ("nan", "NaN", "NAN", "inf", "Inf", "INF"))
    return f"({numbers} OR regexp_matches(text, ',\\s*[}}\\]]'))"


def is_lenient() -> str:
    """Look again with the strings taken out: what is in them is no matter."""
    outside = f"regexp_replace(text, {quoted(_STRING)}, '\"\"', 'g')"
    return f"regexp_matches({outside}, {quoted(_LENIENT)})"


def brackets() -> str:
    """Count opening brackets: cheap, and a text with few of them cannot be deep."""
    return "strlen(text) - strlen(replace(replace(text, '{', ''), '[', ''))"


def is_deep() -> str:
    """Take away the innermost brackets as often as is allowed; what is left over was too deep."""
    outside = f"regexp_replace(text, {quoted(_STRING)}, '', 'g')"
    left = f"regexp_replace({outside}, '[^]\\[{{}}]+', '', 'g')"
    for _ in range(DEEPEST):
        left = f"regexp_replace({left}, '\\[\\]|\\{{\\}}', '', 'g')"
    return f"{left} <> ''"
