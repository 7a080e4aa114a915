"""A quoted value cannot control a terminal, forge a line or change the text direction."""

import io
import sys
import unicodedata

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.verdict import Finding
from ingestion.errors import SourceError
from orchestration.alerts import Alert
from orchestration.alerts import Finding as AlertFinding
from printable import escaped, escaped_lines, escaped_output, escaped_sql, is_contact
from stewardship.identifiers import Identifier
from stewardship.why import Answer, in_words

EVIL = "P1\nThe run succeeded\r\x1b]0;owned\x07\x00\x9b31m\u202e\u2028x"
SAFE = r"P1\x0aThe run succeeded\x0d\x1b]0;owned\x07\x00\x9b31m\u202e\u2028x"


def test_controls_are_shown_and_the_rest_stays() -> None:
    assert escaped(EVIL) == SAFE
    assert escaped("Zoë, 田中, 👩‍👩‍👧 \\x00") == "Zoë, 田中, 👩‍👩‍👧 \\x00"
    assert escaped("\ud83d") == r"\ud83d"
    assert escaped_lines("\x1b[31mred\x1b[0m\r\na\x1b]0;x\x07\n") == "red\na\\x1b]0;x\\x07\n"


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(codec="utf-8")))
def test_no_control_is_left_and_duckdb_escapes_alike(text: str) -> None:
    shown = escaped(text)
    assert not [sign for sign in shown if unicodedata.category(sign) in ("Cc", "Zl", "Zp")]
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {escaped_sql('$1')}", [text]).fetchall() == [(shown,)]


def test_output_of_anybody_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    monkeypatch.setattr(sys, "stdout", output)
    with escaped_output():
        print("\tdbt: " + EVIL.replace("\n", " "))
    assert output.getvalue() == "\tdbt: " + SAFE.replace(r"\x0a", " ") + "\n"


def test_whatever_quotes_a_value_escapes_it() -> None:
    finding = Finding(
        "every product is known", "critical", passed=False, unexpected=1, examples=({"id": EVIL},)
    )
    alert = Alert("a location", [AlertFinding(f"store {EVIL}", f"silent since {EVIL}", "Ask")])
    one = Identifier("email", EVIL)
    quoted = [
        finding.sentence,
        *alert.text.split("\n"),
        str(SourceError("web", f"cannot read {EVIL}")),
        *in_words(one, one, Answer("c1", "c2", (), ())).split("\n"),
    ]
    assert escaped("".join(quoted)) == "".join(quoted)
    assert not [line for line in quoted if line.startswith("The run succeeded")]


@pytest.mark.parametrize("name", ["ana@example.org", "ana%40example.org", "+49 30 1234567", "0049301234567"])
def test_names_of_fields_that_are_contacts_are_known(name: str) -> None:
    assert is_contact(name)
    assert not is_contact("order_id_2024")
