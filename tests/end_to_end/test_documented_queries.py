"""Runs the commands and queries of the documentation."""

import re
from contextlib import closing

import duckdb
import pytest

import metrics
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
    of_published = "from restatements" in query
    database = first.place.marts if of_published else first.place.warehouse
    with closing(duckdb.connect(str(database), read_only=True)) as connection:
        rows = connection.execute(query).fetchall()
    # The demo restates no day.
    assert rows or of_published


def programs() -> list[str]:
    """List the Python programs of the texts."""
    return [
        program
        for file in ("README.md", "docs/bi_guide.md", "docs/metrics.md")
        for program in blocks(file, "python")
    ]


def metric_queries() -> list[str]:
    """List the values of QUERY that the texts say to type, as the shell passes them on."""
    typed = re.findall(
        r'^make metrics QUERY="(.+)"$', "".join(blocks("docs/metrics.md", "sh")), flags=re.MULTILINE
    )
    typed += re.findall(
        r'^make metrics QUERY="(.+)"$', "".join(blocks("README.md", "sh")), flags=re.MULTILINE
    )
    return [query.replace('\\"', '"') for query in typed]


@pytest.mark.parametrize("query", metric_queries())
def test_the_metrics_of_the_guide_have_an_answer_on_the_demo(query: str, first: State) -> None:
    ended = first.place.run("-m", "metrics", QUERY=query)
    assert ended.status == 0, ended.output
    assert len(ended.output.splitlines()) > 2


def test_every_metric_that_the_guide_names_is_there(first: State) -> None:
    guide = (REPOSITORY / "docs" / "metrics.md").read_text(encoding="utf-8")
    start_with = re.findall(
        r"`([a-z_]+)`", guide.partition("The ones to start with")[2].partition("Money is")[0]
    )
    models = {"first_touch", "last_non_direct", "linear", "position_based", "time_decay", "markov", "shapley"}
    assert len(start_with) > 40
    assert set(start_with) - models - {"make metrics"} <= set(metrics.definitions())
    assert all(f"roi_{model}" in metrics.definitions() for model in models)


@pytest.mark.parametrize("program", programs())
def test_the_programs_run_on_the_demo(program: str, first: State) -> None:
    ended = first.place.run("-c", program)
    assert ended.status == 0, ended.output


def test_there_is_something_to_try() -> None:
    assert len(blocks("docs/bi_guide.md", "sql")) >= 5
    assert len(programs()) >= 3
    assert len(metric_queries()) >= 6
