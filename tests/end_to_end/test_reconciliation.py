"""The figures of `docs/reconciliation.md`, asked in each way of the demo's published marts."""

import re
from contextlib import closing
from decimal import Decimal

import duckdb
import pytest

from tests.end_to_end.workplace import REPOSITORY, State

FIGURES = 10
CENT = Decimal("0.01")
SECTION = re.compile(r"^## (\d+\. [^\n]+)\n(.*?)(?=^## |\Z)", flags=re.MULTILINE | re.DOTALL)
QUERY = re.compile(r"^```sql\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


def figures() -> dict[str, list[str]]:
    """List the page's figures, each with the queries that must agree."""
    text = (REPOSITORY / "docs/reconciliation.md").read_text(encoding="utf-8")
    return {title: QUERY.findall(section) for title, section in SECTION.findall(text)}


@pytest.mark.parametrize("figure", list(figures()))
def test_the_marts_agree_on_the_figure(figure: str, first: State) -> None:
    with closing(duckdb.connect(str(first.place.marts), read_only=True)) as marts:
        answers = [marts.execute(query).fetchall() for query in figures()[figure]]
    values = [Decimal(answer[0][0]) for answer in answers]
    assert values[0] > 0
    # Credits are shares, which are rounded.
    assert [value for value in values if abs(value - values[0]) >= CENT] == []


def test_each_figure_is_asked_in_two_ways_or_more() -> None:
    assert len(figures()) == FIGURES
    assert {min(len(queries), 2) for queries in figures().values()} == {2}
