"""Profiles that are one person by all likelihood link; a household, twins, father and son never do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from benchmarks.identity import FLOORS, PUBLIC_SETS, score_of_matching
from benchmarks.identity_matching import PROFILE, matched
from benchmarks.identity_sets import Labelled, SetMissingError
from tests.identity.people import IdentityWarehouse
from tests.identity.records import Record
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import environment

PHONE = "+12125550100"
HOME = {"street": "12 mill lane", "city": "hull", "postcode": "12345"}
Profile = dict[str, str | None]


def profile(node: str, first_name: str | None = "mia", last_name: str = "berg", **stated: str) -> Profile:
    return {
        "node": node,
        "first_name": first_name,
        "formal_name": first_name,
        "last_name": last_name,
        **stated,
    }


def pairs_of(*profiles: Profile) -> pd.DataFrame:
    return matched(pa.Table.from_pylist(list(profiles), schema=PROFILE))


def links_of(*profiles: Profile) -> set[tuple[str, str]]:
    pairs = pairs_of(*profiles)
    linked = pairs[pairs["is_link"]]
    return set(zip(linked["left_node"], linked["right_node"], strict=True))


def public_set(name: str) -> Labelled:
    try:
        return PUBLIC_SETS[name]()
    except SetMissingError as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("name", list(PUBLIC_SETS))
def test_the_same_settings_hold_the_floor_of_every_public_set(name: str) -> None:
    score = score_of_matching(public_set(name))
    measure, floor = FLOORS[name]
    assert getattr(score, measure) >= floor, str(score)
    assert score.precision >= 0.999, str(score)


def test_the_outcome_does_not_depend_on_the_order_of_the_profiles_or_on_the_run() -> None:
    profiles = public_set("fake_1000").profiles
    first = matched(profiles)
    again = matched(profiles.sort_by([("email", "descending"), ("node", "descending")]))
    pd.testing.assert_frame_equal(first, again)


LIKE = {
    "a slip in the email": (
        profile("member_id:1", email="mia.berg17@exmaple.com", postcode="12345"),
        profile("user_id:1", email="mia.berg17@example.com"),
    ),
    "a slip in the name and the same phone": (
        profile("member_id:1", "jonathan", phone=PHONE),
        profile("user_id:1", "jonathn", phone=PHONE),
    ),
    "the same name and birth date": (
        profile("member_id:1", birth_date="19800101"),
        profile("user_id:1", birth_date="19800101", email="mia@example.org"),
    ),
    "first and last name swapped": (
        profile("member_id:1", "berg", "mia", birth_date="19800101", postcode="12345"),
        profile("user_id:1", birth_date="19800101", postcode="12345"),
    ),
    "married since": (
        profile("member_id:1", birth_date="19800101", email="mia@example.org"),
        profile("user_id:1", last_name="lund", birth_date="19800101", email="mia@example.org"),
    ),
}


@pytest.mark.parametrize("pair", LIKE.values(), ids=LIKE)
def test_two_profiles_of_one_person_link(pair: tuple[Profile, Profile]) -> None:
    assert links_of(*pair) == {("member_id:1", "user_id:1")}


UNLIKE = {
    "twins on one landline": (
        profile("member_id:1", "emma", birth_date="19900101", phone=PHONE, **HOME),
        profile("user_id:1", "lucas", birth_date="19900101", phone=PHONE, **HOME),
    ),
    "twins with emails of their own": (
        profile("member_id:1", "emma", birth_date="19900101", email="emma@example.org", **HOME),
        profile("user_id:1", "lucas", birth_date="19900101", email="lucas@example.org", **HOME),
    ),
    "twins of whom little is known": (
        profile("member_id:1", "emma", birth_date="19900101", postcode="12345"),
        profile("user_id:1", "lucas", birth_date="19900101", postcode="12345"),
    ),
    "father and son of one name": (
        profile("member_id:1", "john", birth_date="19500101", phone=PHONE, **HOME),
        profile("user_id:1", "john", birth_date="19840305", phone=PHONE, **HOME),
    ),
    "senior and junior": (
        profile("member_id:1", "john", generation="sr", phone=PHONE, **HOME),
        profile("user_id:1", "john", generation="jr", phone=PHONE, **HOME),
    ),
    "a couple whose names differ in an ending": (
        profile("member_id:1", "julia", birth_date="19800101", phone=PHONE, **HOME),
        profile("user_id:1", "julian", phone=PHONE, **HOME),
    ),
    "one name in one postcode": (
        profile("member_id:1", postcode="12345", birth_date="19800101"),
        profile("user_id:1", postcode="12345", email="mia@example.org"),
    ),
    "one name and mailboxes with numbers": (
        profile("member_id:1", email="mia.berg17@example.com"),
        profile("user_id:1", email="mia.berg18@example.com"),
    ),
}


@pytest.mark.parametrize("pair", UNLIKE.values(), ids=UNLIKE)
def test_who_may_be_two_people_is_left_to_a_steward(pair: tuple[Profile, Profile]) -> None:
    pairs = pairs_of(*pair)
    assert not pairs["is_link"].any()
    assert len(pairs) == 1
    assert pairs["held_because"].notna().all()


def test_a_couple_at_one_address_is_not_even_asked_about() -> None:
    anna = profile("member_id:1", "anna", birth_date="19800101", phone=PHONE, **HOME)
    peter = profile("user_id:1", "peter", phone=PHONE, **HOME)
    assert pairs_of(anna, peter).empty


def test_the_evidence_is_in_words() -> None:
    pair = pairs_of(*LIKE["a slip in the email"])
    assert pair["evidence"].item() == "same first name; same last name; email with a slip"


def test_one_person_gets_one_member_card_and_the_surest() -> None:
    stated = {"birth_date": "19800101", "phone": PHONE}
    pairs = pairs_of(
        profile("member_id:1", "jonathan", postcode="12345", **stated),
        profile("member_id:2", "jonathn", postcode="12345", **stated),
        profile("user_id:1", "jonathan", email="jonathan@example.org", **stated),
    )
    assert set(pairs.loc[pairs["is_link"], "right_node"]) == {"user_id:1"}
    assert set(pairs.loc[pairs["is_link"], "left_node"]) == {"member_id:1"}
    assert set(pairs.loc[~pairs["is_link"], "held_because"]) == {
        "one person would have more than 1 member_id"
    }


def test_a_help_desk_may_know_one_person_under_two_numbers() -> None:
    stated = {"birth_date": "19800101", "phone": PHONE}
    desk = [profile(f"support_user_id:{number}", **stated) for number in (1, 2)]
    assert len(links_of(*desk, profile("member_id:1", **stated))) == 3


@pytest.mark.parametrize(
    "profiles",
    [[], [profile("member_id:1")], [profile("member_id:1"), profile("user_id:1", "emma", "lund")]],
    ids=["nobody", "one", "two with nothing in common"],
)
def test_little_to_compare_is_no_error(profiles: list[Profile]) -> None:
    assert pairs_of(*profiles).empty


def person(minute: int, name: tuple[str, str], **stated: str) -> Record:
    """A web account whose owner gives a name, and what else is given."""
    identifiers = {key: stated.pop(key) for key in ("user_id", "email", "phone") if key in stated}
    return Record(minute, identifiers, traits={"firstName": name[0], "lastName": name[1], **stated})


PEOPLE = [
    person(1, ("Zoë", "O'Hara"), user_id="u-1", email="zoe.ohara@example.com", birthday="1980-01-01"),
    person(2, ("Zoe", "OHara"), email="zoe.ohara@exmaple.com", birthday="1980-01-01"),
    person(
        3, ("Emma", "Berg"), user_id="u-3", email="emma@example.org", birthday="1990-01-01", postcode="12345"
    ),
    person(
        4,
        ("Lucas", "Berg"),
        user_id="u-4",
        email="lucas@example.org",
        birthday="1990-01-01",
        postcode="12345",
    ),
]


def build_review(path: Path, dbt: DbtProject) -> None:
    with environment({"WAREHOUSE_PATH": str(path), "RUN_AT": "2026-06-01T00:00:00Z"}):
        dbt.build(select="+identity_review", tests=False)


@pytest.mark.slow  # the tests above cover the same code without a warehouse
def test_in_the_warehouse_likeness_links_and_the_rest_waits_for_a_decision(
    new_warehouse: Callable[[], IdentityWarehouse], dbt: DbtProject
) -> None:
    warehouse = new_warehouse()
    warehouse.deliver({"likeness": PEOPLE})
    customers = warehouse.customers()
    assert customers["user_id:u-1"] == customers["email:zoe.ohara@exmaple.com"]
    assert customers["user_id:u-3"] != customers["user_id:u-4"]
    build_review(warehouse.path, dbt)
    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        review = connection.execute(
            "select left_value, right_value, held_because from marts.identity_review"
        ).fetchall()
    assert [sorted(row[:2]) for row in review] == [["u-3", "u-4"]]


@pytest.mark.slow  # test_against_brute_force.py runs with it turned off
def test_one_setting_turns_it_off(tmp_path: Path) -> None:
    with environment({"IDENTITY_PROBABILISTIC": "false"}):
        warehouse = IdentityWarehouse(tmp_path / "warehouse.duckdb", DbtProject(tmp_path / "dbt"))
        warehouse.deliver({"likeness": PEOPLE})
    assert warehouse.query("select * from intermediate.int_identity__probabilistic_pairs") == []
    customers = warehouse.customers()
    assert customers["user_id:u-1"] != customers["email:zoe.ohara@exmaple.com"]


def test_no_table_of_splink_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    connect, opened = duckdb.connect, []

    def connect_and_remember(*arguments: Any, **settings: Any) -> duckdb.DuckDBPyConnection:
        opened.append(connect(*arguments, **settings))
        return opened[-1]

    monkeypatch.setattr("duckdb.connect", connect_and_remember)
    assert links_of(profile("a:1", **HOME), profile("b:1", **HOME)) == {("a:1", "b:1")}
    assert opened
    assert [tables for tables in map(tables_of, opened) if tables] == []


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[Any]:
    try:
        return connection.execute("show tables").fetchall()
    except duckdb.ConnectionException:
        return []
