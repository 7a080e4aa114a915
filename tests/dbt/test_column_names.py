"""No query of a model has two columns of one name.

``select pairs.*, rank() … as pair_rank`` is such a query if ``pairs`` has a ``pair_rank`` already: DuckDB then
reads the old one, and reports no error.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from tests.dbt.test_spark_sql import MODELS, spark
from tests.laws.test_dbt_project import REFERENCE

Columns = Mapping[str, list[str]]


def columns_of_each_query(sql: str, tables: Columns) -> Iterator[list[str]]:
    """Yield the columns of every query inside a statement, and last those of the statement."""
    for scope in traverse_scope(sqlglot.parse_one(sql, read="spark")):
        yield list(_columns(scope, tables))


def _columns(source: Scope | exp.Expression, tables: Columns) -> Iterator[str]:
    """Yield the columns of a query or a table; of a table that is not known, none."""
    if isinstance(source, exp.Table):
        yield from tables.get(source.name, [])
    elif isinstance(source, Scope) and isinstance(source.expression, exp.SetOperation):
        yield from _columns(source.set_operation_scopes[0], tables)
    elif isinstance(source, Scope) and isinstance(source.expression, exp.Select):
        for column in source.expression.expressions:
            yield from _stands_for(column, source, tables)


def _stands_for(column: exp.Expression, query: Scope, tables: Columns) -> Iterator[str]:
    """Yield the name of a column, or of all that a star stands for."""
    if not column.is_star:
        yield column.alias_or_name
        return
    read = [column.table] if isinstance(column, exp.Column) else list(query.selected_sources)
    for name in read:
        yield from _columns(query.sources[name], tables)


def repeated(columns: list[str]) -> list[str]:
    return [name for name, times in Counter(columns).items() if times > 1]


def test_no_query_of_a_model_has_two_columns_of_one_name() -> None:
    engine = spark()
    files = {file.stem: file for file in MODELS}
    references = {name: REFERENCE.findall(file.read_text(encoding="utf-8")) for name, file in files.items()}
    known: dict[str, list[str]] = {}
    found = {}
    # In the order of their references, so that the columns of a star are known.
    for model in TopologicalSorter(references).static_order():
        if model in files:
            queries = list(columns_of_each_query(engine.render(files[model]), known))
            known[model] = queries[-1]
            found[model] = [name for columns in queries for name in repeated(columns)]
    assert {model: names for model, names in found.items() if names} == {}
    assert [model for model, columns in known.items() if not columns] == []


@pytest.mark.parametrize(
    ("sql", "twice"),
    [
        (
            "with p as (select * from pairs) select p.*, rank() over (order by a) as pair_rank from p",
            ["pair_rank"],
        ),
        ("with p as (select * from pairs) select p.*, rank() over (order by a) as best from p", []),
        (
            "select * from (select a from pairs union all select a from pairs) as p inner join pairs as q",
            ["a"],
        ),
    ],
)
def test_a_column_that_a_star_has_already_is_found(sql: str, twice: list[str]) -> None:
    *_, columns = columns_of_each_query(sql, {"pairs": ["a", "pair_rank"]})
    assert repeated(columns) == twice
