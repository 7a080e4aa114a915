"""The documented questions at the end of each page of the dashboards."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.navigation import ENTRIES
from dashboards.questions import questions_of
from tests.end_to_end.dashboard_pages import text_of

pytestmark = pytest.mark.usefixtures("ask")


@pytest.mark.parametrize("module", [entry.module for entry in ENTRIES])
def test_a_page_offers_the_questions_of_its_tables(module: str) -> None:
    script = f"from dashboards.questions import offer\noffer('{module}')"
    page = AppTest.from_string(script, default_timeout=60).run()
    asked = questions_of(module)
    assert len(asked) >= 3
    question = min(asked)
    page.selectbox(key=f"{module}_question").select(question).run()
    assert [each.value for each in page.exception] == []
    assert [code.value for code in page.code] == [asked[question].strip()]
    assert "<table" in text_of(page) or "tl-empty" in text_of(page)
