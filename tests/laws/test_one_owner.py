"""Opening DuckDB, quoting SQL and locking files have one owner each: a module of storage/."""

import ast
import re
from pathlib import Path

import pytest

from tests.laws.repository import ROOT, lines_matching, tracked

# Tests and measurements look at results by their own means.
APART = ("tests", "benchmarks")
# dbt runs Python models also where the project's packages are not installed; Superset has an environment of its own.
WITHOUT_OUR_PACKAGES = ("dbt_project", "deploy")
QUOTES = r"""\.replace\((?:"'"|chr\(39\)|'"'|"\\""|'\\'')\s*,\s*(?:"''"|chr\(39\)|'""')"""


def product(owner: str) -> list[Path]:
    """List the product's Python files but for the owner."""
    return [
        file
        for file in tracked(".py")
        if file.relative_to(ROOT).parts[0] not in (*APART, *WITHOUT_OUR_PACKAGES) and file != ROOT / owner
    ]


@pytest.mark.parametrize(
    ("owner", "by_hand"),
    [
        ("storage/sessions.py", r"\bduckdb\.connect\(|(?i:\battach '(?!:memory:'))"),
        ("storage/sql.py", QUOTES),
        ("storage/locks.py", r"\b(?:fcntl|flock|FileLock|lockf)\b"),
    ],
)
def test_what_packages_share_has_one_owner(owner: str, by_hand: str) -> None:
    files = product(owner)
    assert len(files) > 150
    assert lines_matching(files, by_hand) == []


@pytest.mark.parametrize(
    "second", ["""x.replace("'", "''")""", """x.replace('"', '""')""", "x.replace(chr(39), chr(39) * 2)"]
)
def test_a_second_way_to_quote_is_found(second: str) -> None:
    assert re.search(QUOTES, second)


def test_databases_are_opened_with_a_limit() -> None:
    # Without a limit DuckDB takes four fifths of the machine.
    tree = ast.parse((ROOT / "storage" / "sessions.py").read_text(encoding="utf-8"))
    opened = [
        ast.unparse(call)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "duckdb.connect"
    ]
    assert opened
    assert [call for call in opened if "memory_limit" not in call] == []
