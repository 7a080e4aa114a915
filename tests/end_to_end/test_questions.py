"""The questions of `docs/questions.md`: 25, short, and answered by the demo as before."""

import json
import re
from pathlib import Path

import pytest

from tests.end_to_end.test_marts_questions import figures
from tests.end_to_end.workplace import REPOSITORY, State

# Written with the other answers by `python -m tests.end_to_end.write_answers`.
ANSWERS = Path(__file__).with_name("answers_of_questions.json")
ASKED = dict(
    re.findall(
        r"^### ([^\n]*\?)\n\n```sql\n(.*?)^```",
        (REPOSITORY / "docs" / "questions.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE | re.DOTALL,
    )
)


def test_there_are_25_of_one_join_at_most() -> None:
    assert len(ASKED) == 25
    assert [question for question, query in ASKED.items() if query.count(" join ") > 1] == []


@pytest.mark.parametrize("question", ASKED)
def test_the_demo_answers_the_question(question: str, first: State) -> None:
    expected = json.loads(ANSWERS.read_text(encoding="utf-8"))[question]
    answer = figures(first.place.marts, ASKED[question])
    assert answer["rows"] == expected["rows"] > 0
    assert answer["sums"] == pytest.approx(expected["sums"], rel=1e-4)
