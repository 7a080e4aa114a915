"""Without a limit DuckDB takes four fifths of the machine: nothing that a refresh runs opens a database without one."""

import ast

from tests.laws.repository import ROOT, tracked

PARTS_OF_A_REFRESH = ("ingestion", "expectations", "publishing", "orchestration")


def test_what_a_refresh_runs_opens_databases_with_a_limit() -> None:
    files = [file for file in tracked(".py") if file.relative_to(ROOT).parts[0] in PARTS_OF_A_REFRESH]
    opened = [
        f"{file.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call)}"
        for file in files
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "duckdb.connect"
    ]
    assert opened
    assert [call for call in opened if "memory_limit" not in call] == []
