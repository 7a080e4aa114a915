"""The questions of `docs/marts.md`, asked of the demo's published marts."""

import re
from contextlib import closing

import duckdb
import pytest

from tests.end_to_end.workplace import REPOSITORY, State

# What need not have happened in a small demo.
MAY_BE_NONE = (
    "from customer_id_redirects",
    "from identity_history\nwhere previous_customer_id",
    "where first_spend_date is not null and touchpoints = 0",
    "and fct_orders.order_id is null",
    "where reason_kind = 'bought_together'",
    "from identity_dropped_links",
    "from identity_review",
    "where conflict = 'consent'",
    "where is_shared",
    "where not is_known",
    "where not is_complete",
    "where amounts_in_other_currency > 0",
    "where friction_type in ('rage_clicked'",
    "from fct_bookings",
    "from mart_internal_traffic",
    "from fct_applications",
)
SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^##|\Z)", flags=re.MULTILINE | re.DOTALL)
QUESTION = re.compile(r"^([A-Z][^\n]*\?)\n\n```sql\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


def questions() -> dict[str, list[tuple[str, str]]]:
    """List each mart's questions, with their SQL."""
    text = (REPOSITORY / "docs/marts.md").read_text(encoding="utf-8")
    return {mart: QUESTION.findall(section) for mart, section in SECTION.findall(text)}


ASKED = [
    pytest.param(query, id=f"{mart}: {question}")
    for mart, asked in questions().items()
    for question, query in asked
]


@pytest.mark.parametrize("query", ASKED)
def test_the_marts_answer_the_question(query: str, first: State) -> None:
    with closing(duckdb.connect(str(first.place.marts), read_only=True)) as marts:
        answer = marts.execute(query).fetchall()
    assert answer or any(reason in query for reason in MAY_BE_NONE)


def test_marts_answer_three_questions_each_or_more() -> None:
    marts = {file.stem for file in (REPOSITORY / "dbt_project/models/marts").rglob("*.sql")}
    answered = {mart: min(len(asked), 3) for mart, asked in questions().items()}
    assert answered == dict.fromkeys(marts, 3)


def test_all_queries_of_the_text_are_asked() -> None:
    text = (REPOSITORY / "docs/marts.md").read_text(encoding="utf-8")
    assert text.count("```sql\n") == len(ASKED)
