"""The documented questions of the tables that a page reads, with SQL and answers, at the end of the page."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import streamlit as st
import yaml

from dashboards import look, words
from dashboards.look import Column
from dashboards.navigation import ENTRIES
from dashboards.publication import rows

_ROOT = Path(__file__).resolve().parents[1]
_EXPOSURES = _ROOT / "dbt_project" / "models" / "marts" / "_exposures.yml"
_GUIDE = _ROOT / "docs" / "marts.md"
_REFERENCE = re.compile(r"ref\('(\w+)'\)")
_SECTION = re.compile(r"^### (\w+)\n(.*?)(?=^##|\Z)", flags=re.MULTILINE | re.DOTALL)
_QUESTION = re.compile(r"^([A-Z][^\n]*\?)\n\n```sql\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)
_MOST_ROWS = 100


def offer(module: str) -> None:
    """Offer the questions of a page, by its module; nothing if the documentation is missing."""
    asked = questions_of(module or ENTRIES[0].module)
    if not asked:
        return
    st.divider()
    question = st.selectbox(
        f"{len(asked)} more questions that these tables answer",
        sorted(asked),
        index=None,
        placeholder="Choose a question to see its SQL and its answer",
        key=f"{module}_question",
    )
    if question:
        st.code(asked[question], language="sql")
        _answer(asked[question])


def _answer(query: str) -> None:
    try:
        answer = rows(query)
    except duckdb.Error as error:
        look.nothing(f"The published file does not answer this: {str(error).splitlines()[0]}")
        return
    columns = [Column(str(name), words.label(str(name)), look.text) for name in answer.columns]
    look.table(answer.head(_MOST_ROWS), columns, empty="No row of the published data answers this.")
    if len(answer) > _MOST_ROWS:
        look.note(f"The first {_MOST_ROWS} of {len(answer):,} rows.")


def questions_of(module: str) -> dict[str, str]:
    """Return the questions about the marts that a page reads, each with its SQL."""
    if not (_EXPOSURES.is_file() and _GUIDE.is_file()):
        return {}
    by_mart = documented()
    return {question: query for mart in _marts_of(module) for question, query in by_mart.get(mart, [])}


@cache
def documented() -> dict[str, list[tuple[str, str]]]:
    """Return the questions of the documentation with their SQL, by mart."""
    text = _GUIDE.read_text(encoding="utf-8")
    return {mart: _QUESTION.findall(section) for mart, section in _SECTION.findall(text)}


@cache
def _marts_of(module: str) -> list[str]:
    declared: list[dict[str, Any]] = yaml.safe_load(_EXPOSURES.read_text(encoding="utf-8"))["exposures"]
    pages = {each.get("config", {}).get("meta", {}).get("page"): each for each in declared}
    return _REFERENCE.findall(" ".join(pages[module]["depends_on"])) if module in pages else []
