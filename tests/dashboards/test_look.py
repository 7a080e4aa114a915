"""Texts of records are shown as text."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import look, words
from dashboards.look import Column

HOSTILE = "<img src=x onerror=alert(1)>' [a](https://bad.test) \x1b[31m\u202e"


@pytest.mark.parametrize(
    "show",
    [
        "nothing(value)",
        "heading(value)",
        "note(value)",
        "tiles([(value, value, value)])",
        "sentences([value], empty='')",
    ],
)
def test_what_is_shown_has_no_markup(show: str) -> None:
    page = AppTest.from_string(f"from dashboards import look\nvalue = {HOSTILE!r}\nlook.{show}").run()
    body = page.get("html")[0].proto.body
    assert "<img" not in body
    assert "\x1b" not in body
    assert "\u202e" not in body
    assert "&lt;img src=x onerror=alert(1)&gt;&#x27;" in body


def test_a_table_has_none_either() -> None:
    page = AppTest.from_function(_hostile_table, args=(HOSTILE,)).run()
    body = page.get("html")[0].proto.body
    assert "<img" not in body
    assert body.count("&lt;img src=x onerror=alert(1)&gt;&#x27;") == 3, (
        "heading, label of the card, and value"
    )


def _hostile_table(value: str) -> None:
    import pandas as pd

    from dashboards import look

    look.table(pd.DataFrame({"a": [value]}), [look.Column("a", value, look.text)], empty="")


def test_an_empty_table_says_why() -> None:
    page = AppTest.from_string(
        "import pandas as pd\nfrom dashboards import look\nlook.table(pd.DataFrame(), [], empty='No orders yet.')"
    ).run()
    assert "No orders yet." in page.get("html")[0].proto.body


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (words.count, 12345.0, "12,345"),
        (lambda value: words.counted(value, "case"), 1.0, "1 case"),
        (lambda value: words.counted(value, "case"), 1200, "1,200 cases"),
        (lambda value: words.counted(value, "case"), None, "no case"),
        (words.share, 0.1234, "12.3 %"),
        (words.points, -0.01, "-1.0 pp"),
        (words.change, 0.5, "+50 %"),
        (words.money, 99.5, "99.50"),
        (words.money, 0, "0"),
        (words.money, -1234.5, "-1,234"),
        (words.duration, 90, "90 min"),
        (words.duration, 180, "3.0 h"),
        (words.duration, 4320, "3.0 days"),
        (words.day, pd.Timestamp("2026-10-31"), "31 Oct 2026"),
        (words.instant, pd.Timestamp("2026-10-31 07:05"), "31 Oct 2026, 07:05"),
        (words.path, "web > support_chat", "Web → Support chat"),
        (words.label, None, words.NONE),
        (words.day, pd.NaT, words.NONE),
        (words.share, float("nan"), words.NONE),
        (look.text, None, words.NONE),
    ],
)
def test_values_in_words(write: look.Writer, value: object, written: str) -> None:
    assert write(value) == written


def test_numbers_stand_to_the_right() -> None:
    kinds = {
        Column("a", "A", write).kind for write in (words.count, words.share, words.money, words.duration)
    }
    assert kinds == {"num"}
