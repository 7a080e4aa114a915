"""The rules of suites in SQL: for each an aggregate that counts the rows that break it, and a query for these rows.

not_null: [a, b]                          no value is missing
unique: [a, b]                            no two rows have the same a and b
one_of: {a: [x, y]}                       a is x or y, or missing
between: {a: [0, 1]}                      a is from 0 to 1 (null: no bound), or missing
references: {a: marts.dim_channels.b}     a is a value of that column, or missing
no_rows: {because: "...", where: "..."}   no row meets the condition (or `query`, with {batch} for the table)
has_rows: true                            the table is not empty
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expectations.errors import SuiteError
from expectations.verdict import Severity
from storage.sql import identifier, literal


@dataclass(frozen=True)
class Rule:
    """One expectation, in words and in SQL, where `{batch}` is the table.

    `counted` is an aggregate over the table: the number of rows that break the rule. `offending` is a query for them.
    """

    severity: Severity
    sentence: str
    counted: str
    offending: str


def read_rules(severity: Severity, entry: Mapping[str, Any]) -> Iterator[Rule]:
    """Read one entry of a suite's list; `not_null` and the mappings give a rule per column."""
    if len(entry) != 1:
        raise SuiteError(f"an entry must be one rule, but is {dict(entry)!r}")
    [(kind, value)] = entry.items()
    reader = _READERS.get(kind)
    if reader is None:
        raise SuiteError(f"{kind!r} is not a rule; there are {', '.join(_READERS)}")
    for sentence, counted, offending in reader(value):
        yield Rule(severity, sentence, counted, offending)


_Parts = Iterator[tuple[str, str, str]]


def _not_null(columns: list[str]) -> _Parts:
    for column in columns:
        yield _row_rule(f"{column} is never missing", f"{identifier(column)} is null")


def _unique(columns: list[str]) -> _Parts:
    names = ", ".join(identifier(column) for column in columns)
    present = " or ".join(f"{identifier(column)} is not null" for column in columns)
    repeated = f"from {{batch}} where {present} group by {names} having count(*) > 1"
    yield (
        f"{' and '.join(columns)} {'is' if len(columns) == 1 else 'together are'} unique",
        _once(f"select coalesce(sum(copies), 0) from (select count(*) as copies {repeated})"),
        f"select * from {{batch}} where {present} qualify count(*) over (partition by {names}) > 1",
    )


def _one_of(values_by_column: Mapping[str, list[Any]]) -> _Parts:
    for column, values in values_by_column.items():
        yield _row_rule(
            f"{column} is one of {', '.join(str(value) for value in values)}",
            f"{identifier(column)} not in ({', '.join(map(literal, values))})",
        )


def _between(bounds_by_column: Mapping[str, list[Any]]) -> _Parts:
    for column, (low, high) in bounds_by_column.items():
        wrong = [
            f"{identifier(column)} {sign} {literal(bound)}"
            for sign, bound in (("<", low), (">", high))
            if bound is not None
        ]
        right = [
            f"at {word} {bound}" for word, bound in (("least", low), ("most", high)) if bound is not None
        ]
        yield _row_rule(f"{column} is {' and '.join(right)}", " or ".join(wrong))


def _references(target_by_column: Mapping[str, str]) -> _Parts:
    for column, target in target_by_column.items():
        table, _, key = target.rpartition(".")
        yield _query_rule(
            f"{column} is found in {target}",
            f"select * from {{batch}} where {identifier(column)} is not null and {identifier(column)} not in"
            f" (select {identifier(key)} from {table} where {identifier(key)} is not null)",
        )


def _no_rows(rule: Mapping[str, str]) -> _Parts:
    unknown = set(rule) - {"because", "where", "query"}
    if unknown or "because" not in rule or ("where" in rule) == ("query" in rule):
        raise SuiteError("no_rows takes `because` (a sentence) and either `where` or `query`")
    sentence = " ".join(rule["because"].split())
    if "query" in rule:
        yield _query_rule(sentence, rule["query"].strip())
    else:
        yield _row_rule(sentence, rule["where"].strip())


def _has_rows(wanted: bool) -> _Parts:
    if wanted is not True:
        raise SuiteError("has_rows can only be true")
    yield _query_rule("there are rows", "select 1 as empty where not exists (select 1 from {batch})")


def _row_rule(sentence: str, broken: str) -> tuple[str, str, str]:
    """Make a rule that each row fulfils or breaks by itself."""
    return sentence, f"count(*) filter (where {broken})", f"select * from {{batch}} where {broken}"


def _query_rule(sentence: str, offending: str) -> tuple[str, str, str]:
    return sentence, _once(f"select count(*) from ({offending})"), offending


def _once(query: str) -> str:
    """Make an aggregate of a query for a number, because a plain subquery would be evaluated for each row."""
    return f"({query}) + 0 * count(*)"


_READERS: Mapping[str, Any] = {
    "not_null": _not_null,
    "unique": _unique,
    "one_of": _one_of,
    "between": _between,
    "references": _references,
    "no_rows": _no_rows,
    "has_rows": _has_rows,
}
