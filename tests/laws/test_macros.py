"""Laws of the dbt project's macros: one file a subject, each macro documented and used, overrides in one place."""

import re
from pathlib import Path
from typing import Any

import yaml
from dbt.include import duckdb, global_project

from tests.laws.repository import ROOT, tracked

PROJECT = ROOT / "dbt_project"
MACROS = PROJECT / "macros"
OVERRIDES = MACROS / "overrides.sql"
LONGEST = 300
MOST_FILES = 25
DEFINITION = re.compile(r"{%-?\s*macro\s+(\w+)\s*\(((?:[^()]|\([^()]*\))*)\)\s*-?%}")
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)
# A variant of a macro for one engine is documented and called by the name that it is dispatched by.
VARIANT = re.compile(r"^(default|duckdb|spark)__(?!test_)")
TEXT = re.compile(r"""(['"]).*?\1""")
DBT = (Path(global_project.PACKAGE_PATH), Path(duckdb.PACKAGE_PATH))


def macro_files() -> list[Path]:
    return [file for file in tracked(".sql") if file.is_relative_to(MACROS)]


def definitions() -> dict[str, tuple[Path, list[str]]]:
    """Find every macro's file and the names of its arguments, by the macro's name."""
    return {
        name: (file, re.findall(r"(?:^|,)\s*(\w+)", TEXT.sub("", arguments)))
        for file in macro_files()
        for name, arguments in DEFINITION.findall(file.read_text(encoding="utf-8"))
    }


def documented() -> dict[str, tuple[Path, dict[str, Any]]]:
    """Read every macro's YAML, by the macro's name."""
    return {
        entry["name"]: (file, entry)
        for file in tracked(".yml")
        if file.is_relative_to(MACROS)
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["macros"]
    }


def test_macros_are_grouped_by_subject() -> None:
    files = macro_files()
    assert 10 < len(files) <= MOST_FILES
    assert [file.name for file in files if len(file.read_text(encoding="utf-8").splitlines()) > LONGEST] == []


def test_every_macro_is_documented_with_its_arguments_in_its_folder() -> None:
    described = documented()
    wrong = [
        name
        for name, (file, arguments) in definitions().items()
        if not VARIANT.match(name) and not is_described(described.get(name), file, arguments)
    ]
    assert wrong == []


def is_described(entry: tuple[Path, dict[str, Any]] | None, file: Path, arguments: list[str]) -> bool:
    if entry is None or entry[0] != file.parent / "_macros.yml" or not entry[1].get("description"):
        return False
    given = entry[1].get("arguments", [])
    return [each["name"] for each in given] == arguments and all(
        each.get("type") and each.get("description") for each in given
    )


def test_nothing_is_documented_that_is_no_macro() -> None:
    materializations = re.findall(
        r"{%-?\s*materialization\s+(\w+),\s*(\w+)",
        "".join(file.read_text(encoding="utf-8") for file in macro_files()),
    )
    known = {*definitions(), *(f"materialization_{name}_{engine}" for name, engine in materializations)}
    assert set(documented()) - known == set()


def test_every_macro_is_called() -> None:
    """Calls in models, tests and other macros count; a macro that only a Python test calls is unused."""
    code = [
        COMMENT.sub("", file.read_text(encoding="utf-8"))
        for file in tracked(".sql", ".yml")
        if file.is_relative_to(PROJECT) and not (file.is_relative_to(MACROS) and file.suffix == ".yml")
    ]
    bodies = "\n".join(DEFINITION.sub("", text) for text in code)
    unused = [
        name
        for name, (file, _) in definitions().items()
        if file != OVERRIDES
        and not VARIANT.match(name)
        and not re.search(rf"\b{name}\b\s*\(|dispatch\(\s*['\"]{name}['\"]|[,=]\s*{name}\s*\)", bodies)
    ]
    assert unused == []


def names_in_dbt() -> set[str]:
    """Find the macros that dbt and its DuckDB adapter define themselves, and the names that they dispatch by."""
    texts = [file.read_text(encoding="utf-8") for folder in DBT for file in folder.rglob("*.sql")]
    found = {name for text in texts for name in re.findall(r"{%-?\s*(?:macro|test)\s+(\w+)", text)}
    return found | {re.sub("^(default|duckdb)__", "", name) for name in found}


def test_what_replaces_a_macro_of_dbt_is_in_one_file_with_its_reason() -> None:
    of_dbt = names_in_dbt()
    replaced = {
        name: file
        for name, (file, _) in definitions().items()
        if re.sub("^(default|duckdb|spark)__", "", name).removeprefix("test_") in of_dbt
    }
    assert {"generate_schema_name", "default__test_unique"} <= set(replaced)
    assert set(replaced.values()) == {OVERRIDES}
    text = OVERRIDES.read_text(encoding="utf-8")
    reasons = {name for name in replaced if re.search(rf"Replaces[^#]*#}}\s*{{%-?\s*macro\s+{name}\b", text)}
    assert reasons == set(replaced)
    assert {name for name, (file, _) in definitions().items() if file == OVERRIDES} == set(replaced)
