"""The texts use the plain words of the field: comments, docstrings, messages, documentation, SQL and YAML."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.laws.repository import ROOT, tracked

# Each has a common word in its place: stated, reports, again or rebuilt, fix, simulated, without a customer, spills to
# disk, interrupted, checkpointed, vacuumed, zero.
UNPLAIN = re.compile(
    r"\b(told|tells|telling|anew|mend(?:s|ed|ing)?|made-up|nobody's|by way of|cut short|put in order|closed up"
    r"|none at all)\b",
    re.IGNORECASE,
)
PROSE = (".md", ".yml", ".yaml", ".sql", ".toml", ".html", "")
# The law must name what it forbids.
LEFT_OUT = {Path(__file__).resolve()}
IN_BRACES = re.compile(r"\{[^{}]*\}")


def prose_of(file: Path) -> Iterator[tuple[int, str]]:
    """Read the lines that are for people; of a program its comments and texts, without names."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        yield from enumerate(text.splitlines(), 1)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in (tokenize.COMMENT, tokenize.STRING):
            for number, line in enumerate(token.string.splitlines(), token.start[0]):
                yield number, IN_BRACES.sub("", line)


def test_texts_use_plain_words() -> None:
    files = [file for file in tracked(".py", *PROSE) if file not in LEFT_OUT]
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in files
        for number, line in prose_of(file)
        if UNPLAIN.search(line)
    ]
    assert len(files) > 1000
    assert found == []
