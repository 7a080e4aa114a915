"""Runs the questions of `docs/marts.md` on the demo's published marts."""

import json
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards.questions import documented
from tests.end_to_end.workplace import REPOSITORY, State

# What each question's answer adds up to on the demo: its rows, and the sum of every column of numbers. After a change
# that is meant, `python -m tests.end_to_end.write_answers` writes the file again; look at what it changed.
ANSWERS = Path(__file__).with_name("answers.json")


def figures(marts: Path, query: str) -> dict[str, Any]:
    """Ask a question; return how many rows its answer has, and the sum of each column of numbers."""
    with closing(duckdb.connect(str(marts), read_only=True)) as connection:
        asked = connection.execute(query)
        columns = [column[0] for column in asked.description or []]
        rows = asked.fetchall()
    numbers = {
        name: float(sum(value for value in values if value is not None))
        for name, values in zip(columns, zip(*rows, strict=True), strict=False)
        if any(isinstance(value, int | float | Decimal) for value in values)
    }
    return {"rows": len(rows), "sums": {name: float(f"{value:.6g}") for name, value in numbers.items()}}


ASKED = {f"{mart}: {question}": query for mart, asked in documented().items() for question, query in asked}


@pytest.mark.parametrize("question", ASKED)
def test_the_marts_answer_the_question(question: str, first: State) -> None:
    expected = json.loads(ANSWERS.read_text(encoding="utf-8"))[question]
    answer = figures(first.place.marts, ASKED[question])
    assert answer["rows"] == expected["rows"]
    assert answer["sums"] == pytest.approx(expected["sums"], rel=1e-4)


def test_every_answer_is_of_a_question_that_is_asked() -> None:
    assert json.loads(ANSWERS.read_text(encoding="utf-8")).keys() == ASKED.keys()


def test_marts_answer_three_questions_each_or_more() -> None:
    marts = {file.stem for file in (REPOSITORY / "dbt_project/models/marts").rglob("*.sql")}
    answered = {mart: min(len(asked), 3) for mart, asked in documented().items()}
    assert answered == dict.fromkeys(marts, 3)


def test_all_queries_of_the_text_are_asked() -> None:
    text = (REPOSITORY / "docs/marts.md").read_text(encoding="utf-8")
    assert text.count("```sql\n") == len(ASKED)
