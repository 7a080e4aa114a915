"""Random records, split and ordered at random, with random decisions: the people that brute force finds."""

import random
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from tests.identity.oracle import NAME_GROUPS, Decision, Node, people
from tests.identity.people import IdentityWarehouse, partition
from tests.identity.records import EPOCH, Record, alias, identify, member, receipt
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import environment

# Small worlds that never meet, in one warehouse: a build costs the same for one as for all.
WORLDS = 150
BATCHES = 3
NAMES = sorted(name for group in NAME_GROUPS for name in group)
BIRTH_DATES = ("1980-02-01", "2004-07-09")

Item = TypeVar("Item")
World = tuple[list[Record], list[Decision]]


@pytest.fixture(scope="module")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> DbtProject:
    """The project with links by resemblance switched off: brute force knows those that records show."""
    with environment({"IDENTITY_PROBABILISTIC": "false"}):
        return DbtProject(tmp_path_factory.mktemp("identity_by_records"))


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_every_delivery_comes_to_the_people_of_brute_force(
    dbt: DbtProject, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    worlds = {
        f"w{seed}x{number}": random_world(chance, f"w{seed}x{number}", number) for number in range(WORLDS)
    }
    records = {name: deal(chance, world[0]) for name, world in worlds.items()}
    decisions = {name: deal(chance, world[1]) for name, world in worlds.items()}
    warehouse = IdentityWarehouse(tmp_path / "warehouse.duckdb", dbt)
    for batch in range(BATCHES):
        warehouse.decide([said for dealt in decisions.values() for said in dealt[batch]])
        warehouse.deliver({name: dealt[batch] for name, dealt in records.items()})
        found = partition(warehouse.customers())
        for name in worlds:
            delivered = [record for part in records[name][: batch + 1] for record in part]
            decided = [said for part in decisions[name][: batch + 1] for said in part]
            expected = people(delivered, decided)
            nodes = frozenset(node for person in expected for node in person)
            ours = frozenset(person for person in found if person & nodes)
            assert ours == expected, f"{name} after batch {batch}: {delivered} {decided}"
    known = warehouse.customers()
    warehouse.run(full_refresh=True)
    assert warehouse.customers() == known, "a full refresh finds other people"


def test_the_worlds_hold_what_the_rules_are_for() -> None:
    chance = random.Random(1)
    drawn = [random_world(chance, f"w1x{number}", number) for number in range(WORLDS)]
    whole = [frozenset(one_cluster(records)) for records, _ in drawn]
    apart = [people(records, decisions) for records, decisions in drawn]
    assert (
        sum(len(found) > 1 and len(nodes) > 1 for nodes, found in zip(whole, apart, strict=True)) > WORLDS / 3
    )
    assert sum(any(said.same for said in decisions) for _, decisions in drawn) > WORLDS / 10
    assert sum(any(not said.same for said in decisions) for _, decisions in drawn) > WORLDS / 10


def one_cluster(records: list[Record]) -> set[str]:
    return {f"{kind}:{value}" for record in records for kind, value in record.identifiers.items()}


def deal(chance: random.Random, items: list[Item]) -> list[list[Item]]:
    """Split into batches at random; within a batch the order is random too."""
    shuffled = chance.sample(items, len(items))
    dealt: list[list[Item]] = [[] for _ in range(BATCHES)]
    for item in shuffled:
        dealt[chance.randrange(BATCHES)].append(item)
    return dealt


def random_world(chance: random.Random, name: str, number: int) -> World:
    """Random records of a few people who share some identifiers, and decisions of a steward."""
    pools = {
        "user_id": [f"{name}-u{i}" for i in range(chance.choice((1, 2, 3, 8)))],
        "email": [f"{name}-e{i}@world.shop" for i in range(chance.choice((1, 2, 4, 8, 12)))],
        "phone": [f"+1202{2_000_000 + number * 100 + i}" for i in range(chance.choice((1, 2, 7)))],
        "loyalty_id": [f"{name}-l{i}" for i in range(chance.choice((0, 1, 3)))],
    }
    members = [f"{name}-m{i}" for i in range(chance.choice((0, 1, 2, 8)))]
    records = [random_record(chance, minute, pools, members) for minute in range(chance.randrange(2, 25))]
    for position, member_id in enumerate(members):
        records.append(random_member(chance, 100 + position, member_id, pools))
    nodes = sorted({node for record in records for node in record.identifiers.items()})
    decisions = [random_decision(chance, nodes, hour) for hour in range(chance.choice((0, 0, 1, 3)))]
    return records, [said for said in decisions if said.left != said.right]


def random_record(
    chance: random.Random, minute: int, pools: dict[str, list[str]], members: list[str]
) -> Record:
    if chance.random() < 0.1 and len(pools["user_id"]) > 1:
        return alias(minute, *chance.sample(pools["user_id"], 2))
    if chance.random() < 0.5:
        chosen = pick(chance, pools, ("user_id", "email", "phone", "loyalty_id"))
        record = identify(minute, **chosen)
        traits = {"first_name": chance.choice(NAMES)} if chance.random() < 0.3 else {}
        return Record(minute, record.identifiers, record.kind, traits)
    return receipt(minute, **pick(chance, {**pools, "member_id": members}, ("member_id", "email", "phone")))


def random_member(chance: random.Random, minute: int, member_id: str, pools: dict[str, list[str]]) -> Record:
    first_name = chance.choice((None, *NAMES))
    birth_date = chance.choice((None, *BIRTH_DATES))
    return member(
        minute, first_name, birth_date, member_id=member_id, **pick(chance, pools, ("email", "phone"))
    )


def pick(chance: random.Random, pools: dict[str, list[str]], kinds: tuple[str, ...]) -> dict[str, str]:
    """One to three identifiers of different kinds, as far as the pools have any."""
    chosen = chance.sample(kinds, chance.randrange(1, min(3, len(kinds)) + 1))
    found = {kind: chance.choice(pools[kind]) for kind in chosen if pools.get(kind)}
    return found or {"email": pools["email"][0]}


def random_decision(chance: random.Random, nodes: list[Node], hour: int) -> Decision:
    left, right = chance.choice(nodes), chance.choice(nodes)
    return Decision(left, right, chance.random() < 0.5, EPOCH + timedelta(hours=hour))
