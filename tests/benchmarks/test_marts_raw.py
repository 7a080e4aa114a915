"""Copies of the simulated retailer are other people: what identifies one of them is in no other copy."""

import json
from pathlib import Path

import duckdb

from benchmarks.marts_raw import multiply

# As the simulator writes it.
TRAITS = {
    "email": "ana.p12@example.net",
    "name": "Ana Phillips",
    "firstName": "Ana",
    "lastName": "Phillips",
    "address": {"street": "209 Linden Street", "city": "Phoenix", "postalCode": "85047"},
    "phone": "+15085559190",
}
# Of as many people as there are.
SHARED = {"firstName", "city"}


def test_no_copy_shares_what_identifies_a_person(tmp_path: Path) -> None:
    base, target = tmp_path / "base.duckdb", tmp_path / "copied.duckdb"
    with duckdb.connect(str(base)) as connection:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.web_events (message_id varchar, user_id varchar, traits varchar)"
        )
        connection.execute(
            "insert into raw.web_events values ('m-1', 'u-1', ?)", [json.dumps(TRAITS, separators=(",", ":"))]
        )
    multiply(base, target, copies=3)
    with duckdb.connect(str(target)) as connection:
        rows = connection.execute("select message_id, user_id, traits from raw.web_events").fetchall()
    people = [
        {"message_id": message, "user_id": account, **_flat(json.loads(traits))}
        for message, account, traits in rows
    ]
    assert len(people) == 3
    for field in set(people[0]) - SHARED:
        assert len({person[field] for person in people}) == 3, field


def _flat(traits: dict[str, object]) -> dict[str, object]:
    address = traits.pop("address")
    assert isinstance(address, dict)
    return {**traits, **address}
