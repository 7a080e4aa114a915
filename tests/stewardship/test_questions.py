"""The chain of links between two identifiers, and the changes that a steward may try."""

from pathlib import Path

import pytest

from stewardship.what_if import RuleChange, RuleError, rule_change, write_changed_rules
from stewardship.why import Link, shortest_chain

SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "identity_rules.csv"


def link(left: str, right: str) -> Link:
    return Link(left, right, "email with phone", 1.0, "store:transactions:T1", None, 1)


def test_the_chain_is_the_shortest_way_from_one_to_the_other() -> None:
    long_way = [link("a", "b"), link("b", "c"), link("c", "d")]
    short_way = [link("d", "x"), link("x", "a")]
    assert shortest_chain([*long_way, *short_way], "a", "d") == (short_way[1], short_way[0])


def test_there_is_no_chain_where_nothing_leads() -> None:
    assert shortest_chain([link("a", "b"), link("c", "d")], "a", "d") == ()
    assert shortest_chain([link("a", "b")], "a", "a") == ()


def test_a_change_names_a_type_a_limit_and_a_number() -> None:
    assert rule_change("email.max_values_per_person=3") == RuleChange("email", "max_values_per_person", "3")


@pytest.mark.parametrize(
    ("written", "cause"),
    [
        ("email", "is not type.limit=number"),
        ("email.max_values_per_person=few", "is not type.limit=number"),
        ("email.colour=3", "'colour' is no limit"),
    ],
)
def test_a_change_that_cannot_be_read_says_why(written: str, cause: str) -> None:
    with pytest.raises(RuleError, match=cause):
        rule_change(written)


def test_a_change_is_written_into_the_rule_of_its_type_alone(tmp_path: Path) -> None:
    copy = tmp_path / "identity_rules.csv"
    copy.write_text(SEED.read_text())
    write_changed_rules(copy, [RuleChange("phone", "max_people_per_value", "2")])
    before, after = SEED.read_text().splitlines(), copy.read_text().splitlines()
    changed = [line for old, line in zip(before, after, strict=True) if old != line]
    assert [line.split(",")[0] for line in changed] == ["phone"]
    assert changed[0].split(",")[4] == "2"


def test_a_type_without_a_rule_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "identity_rules.csv"
    copy.write_text(SEED.read_text())
    with pytest.raises(RuleError, match="no type 'shoe_size'"):
        write_changed_rules(copy, [RuleChange("shoe_size", "priority", "1")])
