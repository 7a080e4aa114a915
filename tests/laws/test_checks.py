"""One owner per check: dbt checks keys, nulls, types, accepted values and references of marts, suites the rest."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.laws.repository import ROOT, tracked

MARTS = ROOT / "dbt_project" / "models" / "marts"
SUITES = ROOT / "expectations" / "marts"
SEVERITIES = ("critical", "warning", "info")
OF_DBT = {"not_null", "unique", "one_of", "references"}
# A condition that only checks for a missing column, or for a value outside a list.
PLAIN = re.compile(r"\w+ is null|\w+ (not )?in \((?!\s*select)[^()]*\)")
KEYS = {"unique", "one_row_per", "unique_combination"}


def read(file: Path) -> Any:
    return yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)


@cache
def suites() -> Mapping[str, Mapping[str, Any]]:
    files = [file for file in tracked(".yml") if file.is_relative_to(SUITES)]
    return {table: suite for suite in map(read, files) for table in suite["tables"]}


@cache
def marts() -> Mapping[str, Mapping[str, Any]]:
    files = [file for file in tracked(".yml") if file.is_relative_to(MARTS)]
    return {model["name"]: model for file in files for model in read(file).get("models", [])}


def rules(suite: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for severity in SEVERITIES:
        for rule in suite.get(severity, []):
            yield from rule.items()


def checks(model: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Find what dbt checks of a mart: the kind of check, and the columns that it is about."""
    for kind, arguments in map(parts, model.get("data_tests", [])):
        if kind in {"never_null", "one_row_per"}:
            yield from (("not_null", (column,)) for column in arguments["columns"])
        if kind != "never_null":
            yield kind, tuple(arguments.get("columns", [str(arguments)]))
    for column in model["columns"]:
        name = (column["name"],)
        yield from ((constraint["type"], name) for constraint in column.get("constraints", []))
        yield from ((kind, name) for kind, _ in map(parts, column.get("data_tests", [])))


def parts(test: str | Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    if isinstance(test, str):
        return test, {}
    [(kind, settings)] = [each for each in test.items() if each[0] not in {"config", "name", "description"}]
    return kind, (settings or {}).get("arguments", {})


def test_expectations_of_marts_leave_to_dbt_what_is_of_dbt() -> None:
    assert len(suites()) > 60
    assert [
        f"{table}: {kind}" for table, suite in suites().items() for kind, _ in rules(suite) if kind in OF_DBT
    ] == []
    assert [
        f"{table}: {rule['where']}"
        for table, suite in suites().items()
        for kind, rule in rules(suite)
        if kind == "no_rows" and PLAIN.fullmatch(str(rule.get("where", "")).strip())
    ] == []


def test_dbt_guards_the_key_of_every_mart() -> None:
    unguarded = [table for table in suites() if not any(kind in KEYS for kind, _ in checks(marts()[table]))]
    assert unguarded == []


def test_no_check_of_a_mart_stands_twice() -> None:
    twice = [
        f"{name}: {kind} of {', '.join(columns)}"
        for name, model in marts().items()
        for (kind, columns), times in Counter(checks(model)).items()
        if times > 1
    ]
    assert twice == []
