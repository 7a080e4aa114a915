"""Every model, rendered for Spark, is SQL that Spark's grammar accepts and calls functions that Spark has.

There is no Spark here: sqlglot's Spark dialect stands for the grammar and a list for the functions, so this
does not show that a model gives the same answers there.
"""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlglot
from sqlglot import exp

from tests.dbt.rendering import PROJECT, Engine

MODELS = sorted((PROJECT / "models").rglob("*.sql"))

# Before a function is added there, look it up in Spark's list of built-in functions (4.0 or later).
SPARK_FUNCTIONS = frozenset(
    (Path(__file__).parent / "spark_functions.txt").read_text(encoding="utf-8").split()
)
# Words before a bracket that are not functions.
SPARK_WORDS = re.compile(
    r"and|as|between|by|decimal|else|filter|from|in|not|on|or|over|partition|select|then|using|values|when|where"
    r"|with|array|struct|interval"
)
CALL = re.compile(r"\b([a-z_][a-z0-9_]*)\s*\(")
NOT_CODE = re.compile(r"--[^\n]*|'(?:[^'\\]|\\.|'')*'")


def spark(is_incremental: bool = False) -> Engine:
    """The project on Spark; dbt's own macros as the Spark adapter writes them, for those that we use."""
    dbt_macros = SimpleNamespace(
        type_string=lambda: "string",
        type_timestamp=lambda: "timestamp",
        type_int=lambda: "int",
        type_bigint=lambda: "bigint",
        type_boolean=lambda: "boolean",
        cast=lambda value, type_name: f"cast({value} as {type_name})",
        concat=" || ".join,
        date_spine=lambda part, start, end: (
            f"select explode(sequence({start}, date_add({end}, -1), interval 1 {part})) as date_{part}"
        ),
        dateadd=lambda part, number, start: f"timestampadd({part}, {number}, {start})",
        datediff=lambda start, end, part: f"timestampdiff({part}, {start}, {end})",
        date_trunc=lambda part, value: f"date_trunc('{part}', {value})",
        hash=lambda value: f"md5(cast({value} as string))",
        position=lambda part, text: f"locate({part}, {text})",
        split_part=lambda text, separator, number: f"split_part({text}, {separator}, {number})",
    )
    return Engine("spark", dbt_macros, quote=lambda name: f"`{name}`", is_incremental=is_incremental)


def functions_in(sql: str) -> set[str]:
    """Names of the functions called, in lower case, comments and quoted text left out."""
    called = set(CALL.findall(NOT_CODE.sub(" ", sql).lower()))
    return {name for name in called if not SPARK_WORDS.fullmatch(name)}


@pytest.fixture(scope="module")
def engine() -> Engine:
    return spark()


@pytest.fixture(scope="module")
def incremental_engine() -> Engine:
    return spark(is_incremental=True)


def named(file: Path) -> str:
    return file.stem


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_a_model_is_one_query_in_sparks_grammar(model: Path, engine: Engine) -> None:
    statements = sqlglot.parse(engine.render(model), read="spark")
    assert len(statements) == 1
    assert isinstance(statements[0], exp.Query)
    assert list(statements[0].find_all(exp.Qualify)) == [], "open-source Spark has no qualify"


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_a_model_calls_only_functions_that_spark_has(model: Path, engine: Engine) -> None:
    assert functions_in(engine.render(model)) - SPARK_FUNCTIONS == set()


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if "materialized='incremental'" in model.read_text(encoding="utf-8")],
    ids=named,
)
def test_what_a_model_adds_is_one_query_too_with_functions_that_spark_has(
    model: Path, incremental_engine: Engine
) -> None:
    added = incremental_engine.render(model)
    (statement,) = sqlglot.parse(added, read="spark")
    assert isinstance(statement, exp.Query)
    assert functions_in(added) - SPARK_FUNCTIONS == set()


@pytest.mark.parametrize(
    "function", ["epoch_us(x)", "regexp_matches(x, 'a')", "to_days(1)", "string_agg(x, ',')"]
)
def test_a_function_of_duckdb_alone_would_be_noticed(function: str) -> None:
    assert functions_in(f"select {function} -- a(b)") - SPARK_FUNCTIONS
