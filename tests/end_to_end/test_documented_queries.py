"""What the texts tell readers to type, typed."""

import re
from contextlib import closing

import duckdb
import pytest

from tests.end_to_end.workplace import REPOSITORY, State


def blocks(file: str, language: str) -> list[str]:
    """List the fenced blocks of a language in a text."""
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("query", blocks("docs/bi_guide.md", "sql"))
def test_the_queries_of_the_guide_run_on_the_demo(query: str, first: State) -> None:
    with closing(duckdb.connect(str(first.place.marts), read_only=True)) as marts:
        assert marts.execute(query).fetchall()


@pytest.mark.parametrize("query", blocks("docs/operations.md", "sql"))
def test_the_queries_of_the_operator_run_on_the_demo(query: str, first: State) -> None:
    with closing(duckdb.connect(str(first.place.warehouse), read_only=True)) as warehouse:
        assert warehouse.execute(query).fetchall()


@pytest.mark.parametrize("program", [*blocks("README.md", "python"), *blocks("docs/bi_guide.md", "python")])
def test_the_programs_run_on_the_demo(program: str, first: State) -> None:
    ended = first.place.run("-c", program)
    assert ended.status == 0, ended.output


def test_there_is_something_to_try() -> None:
    assert len(blocks("docs/bi_guide.md", "sql")) >= 5
    assert blocks("README.md", "python")
