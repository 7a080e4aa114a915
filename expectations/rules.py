"""The words a suite is written in, each as the SQL of the rows that break it.

not_null: [a, b]                          no value is missing
unique: [a, b]                            no two rows have the same a and b
one_of: {a: [x, y]}                       a is x or y, or missing
between: {a: [0, 1]}                      a is from 0 to 1 (null: no bound), or missing
references: {a: marts.dim_channels.b}     a is a value of that column, or missing
no_rows: {because: "...", where: "..."}   no row meets the condition (or `query`, with {batch} for the table)
has_rows: true                            the table is not empty
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from expectations.errors import SuiteError
from expectations.verdict import Severity


@dataclass(frozen=True)
class Rule:
    """One expectation, in words and as a query for the rows that break it (`{batch}`: the table).

    `kind` is the word of the suite, `arguments` what it was given, for those who have a native way to run it.
    """

    kind: str
    severity: Severity
    sentence: str
    offending: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


def read_rules(severity: Severity, entry: Mapping[str, Any]) -> Iterator[Rule]:
    """Read one entry of a suite's list; `not_null` and the mappings give a rule per column."""
    if len(entry) != 1:
        raise SuiteError(f"an entry must be one rule, but is {dict(entry)!r}")
    [(kind, value)] = entry.items()
    reader = _READERS.get(kind)
    if reader is None:
        raise SuiteError(f"{kind!r} is not a rule; there are {', '.join(_READERS)}")
    for sentence, offending, arguments in reader(value):
        yield Rule(kind, severity, sentence, offending, arguments)


_Parts = Iterator[tuple[str, str, dict[str, Any]]]


def _not_null(columns: list[str]) -> _Parts:
    for column in columns:
        yield (
            f"{column} is never missing",
            f"select * from {{batch}} where {_name(column)} is null",
            {"column": column},
        )


def _unique(columns: list[str]) -> _Parts:
    names = ", ".join(_name(column) for column in columns)
    yield (
        f"{' and '.join(columns)} {'is' if len(columns) == 1 else 'together are'} unique",
        f"select * from {{batch}} qualify count(*) over (partition by {names}) > 1",
        {"columns": columns},
    )


def _one_of(values_by_column: Mapping[str, list[Any]]) -> _Parts:
    for column, values in values_by_column.items():
        yield (
            f"{column} is one of {', '.join(str(value) for value in values)}",
            f"select * from {{batch}} where {_name(column)} not in ({', '.join(map(_literal, values))})",
            {"column": column, "values": values},
        )


def _between(bounds_by_column: Mapping[str, list[Any]]) -> _Parts:
    for column, (low, high) in bounds_by_column.items():
        wrong = [
            f"{_name(column)} {sign} {_literal(bound)}"
            for sign, bound in (("<", low), (">", high))
            if bound is not None
        ]
        right = [
            f"at {word} {bound}" for word, bound in (("least", low), ("most", high)) if bound is not None
        ]
        yield (
            f"{column} is {' and '.join(right)}",
            f"select * from {{batch}} where {' or '.join(wrong)}",
            {"column": column, "low": low, "high": high},
        )


def _references(target_by_column: Mapping[str, str]) -> _Parts:
    for column, target in target_by_column.items():
        table, _, key = target.rpartition(".")
        yield (
            f"{column} is found in {target}",
            f"select * from {{batch}} as child where child.{_name(column)} is not null"
            f" and not exists (select 1 from {table} as parent"
            f" where parent.{_name(key)} = child.{_name(column)})",
            {},
        )


def _no_rows(rule: Mapping[str, str]) -> _Parts:
    unknown = set(rule) - {"because", "where", "query"}
    if unknown or "because" not in rule or ("where" in rule) == ("query" in rule):
        raise SuiteError("no_rows takes `because` (a sentence) and either `where` or `query`")
    query = rule["query"].strip() if "query" in rule else f"select * from {{batch}} where {rule['where']}"
    yield " ".join(rule["because"].split()), query, {}


def _has_rows(wanted: bool) -> _Parts:
    if wanted is not True:
        raise SuiteError("has_rows can only be true")
    yield "there are rows", "select 1 as empty where not exists (select 1 from {batch})", {}


_READERS: Mapping[str, Any] = {
    "not_null": _not_null,
    "unique": _unique,
    "one_of": _one_of,
    "between": _between,
    "references": _references,
    "no_rows": _no_rows,
    "has_rows": _has_rows,
}


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
