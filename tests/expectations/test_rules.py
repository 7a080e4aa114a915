"""Every word of a suite, on rows that keep it and rows that break it."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
import yaml

from expectations import Suite, validate
from expectations.rules import read_rules

TABLE = """
create schema marts;
create table marts.parent as select unnest(['web', 'store']) as channel;
create table marts.child (id integer, channel varchar, share decimal(9, 4), day date);
insert into marts.child values
    (1, 'web', 0.5, '2026-01-01'), (2, 'fax', 1.5, '2026-01-02'), (2, null, null, null);
create table marts.bare (id integer, channel varchar);
"""
REPEATED = "select id from {batch} group by id having count(*) > 1"


@pytest.fixture
def broken_by(tmp_path: Path) -> Callable[..., int]:
    """How many rows of `marts.child` break a rule, 0 where it holds."""
    warehouse = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(warehouse)) as connection:
        connection.execute(TABLE)

    def count(rule: str, table: str = "child") -> int:
        rules = tuple(read_rules("critical", yaml.safe_load(rule)))
        suite = Suite("marts", table, "One row", ("id",), rules)
        verdict = validate(suite.name, warehouse, suite=suite)
        assert not [finding.cause for finding in verdict.findings if finding.cause]
        assert verdict.passed == (not verdict.failures)
        return sum(finding.unexpected for finding in verdict.failures)

    return count


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        ("not_null: [id]", 0),
        ("not_null: [id, channel, share]", 2),
        ("unique: [id]", 2),
        ("unique: [id, channel]", 0),
        ("one_of: {channel: [web, fax]}", 0),
        ("one_of: {channel: [web]}", 1),
        ("one_of: {id: [1]}", 2),
        ("between: {share: [0, 2]}", 0),
        ("between: {share: [0, 1]}", 1),
        ("between: {share: [null, 1]}", 1),
        ('between: {day: ["2026-01-02", null]}', 1),
        ("references: {channel: marts.parent.channel}", 1),
        ("references: {id: marts.child.id}", 0),
        ("references: {channel: marts.bare.channel}", 2),
        ("no_rows: {because: the share is a part, where: share > 1}", 1),
        ("no_rows: {because: the share is a part, where: share > 2}", 0),
        (f"no_rows: {{because: ids repeat, query: '{REPEATED}'}}", 1),
        ("no_rows: {because: three letters, where: \"not regexp_full_match(channel, '[a-z]{3}')\"}", 0),
        ("no_rows: {because: 'times: with colons', where: day = '2026-01-01 00:00:00'::date}", 1),
        ("no_rows: {because: a share of 100%, where: \"channel like 'f%x' and id % 2 = 0\"}", 1),
        ("has_rows: true", 0),
    ],
)
def test_rule(broken_by: Callable[..., int], rule: str, broken: int) -> None:
    assert broken_by(rule) == broken


def test_a_table_must_have_rows_where_the_suite_says_so(broken_by: Callable[..., int]) -> None:
    assert broken_by("has_rows: true", "bare") == 1


def test_a_rule_that_cannot_be_tested_takes_no_other_with_it(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(warehouse)) as connection:
        connection.execute(TABLE)
    entries = ({"not_null": ["id", "channel", "nonsense"]}, {"unique": ["id"]})
    rules = tuple(rule for entry in entries for rule in read_rules("critical", entry))
    verdict = validate("marts.child", warehouse, suite=Suite("marts", "child", "One row", ("id",), rules))
    assert [finding.unexpected for finding in verdict.findings] == [0, 1, 0, 2]
    [untested] = [finding for finding in verdict.findings if finding.cause]
    assert untested.expectation == "nonsense is never missing"
    assert "nonsense" in untested.cause


@pytest.mark.parametrize(
    ("value", "where", "message"),
    [
        ("Ana Li", "cast(channel as integer) = 1", "Could not convert string … to INT32"),
        ("Ana\nLi. Ana", "cast(channel as integer) = 1", "Could not convert string …"),
        ('"Ana Li" Ana', "cast(channel as json) is null", "Input: …"),
        ("Ana Li", "channel = date '2026-01-01'", "invalid date field format: …, expected"),
        ("3125550143", "cast(cast(channel as bigint) as integer) = 1", "with value … can't be cast"),
    ],
)
def test_the_value_that_the_database_chokes_on_is_not_quoted(
    tmp_path: Path, value: str, where: str, message: str
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.child as select 1 as id, $1 as channel", [value])
    rules = tuple(read_rules("critical", {"no_rows": {"because": "it can be read", "where": where}}))
    verdict = validate("marts.child", warehouse, suite=Suite("marts", "child", "One row", ("id",), rules))
    [untested] = verdict.findings
    assert message in untested.cause
    assert not [part for part in ("Ana", "Li", "3125550143") if part in str(verdict)]
