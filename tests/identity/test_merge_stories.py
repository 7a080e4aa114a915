"""Every merge story gives the same people in any order of its batches, and keeps their ids."""

from collections.abc import Callable
from itertools import permutations

import pytest

from tests.identity.merge_stories import STORIES
from tests.identity.people import IdentityWarehouse, partition

EXPECTED = frozenset(frozenset(person) for story in STORIES for person in story.people)


def test_the_battery_is_large_and_its_stories_do_not_meet() -> None:
    everyone = [node for story in STORIES for person in story.people for node in person]
    assert len(STORIES) >= 27
    assert len(everyone) == len(set(everyone))


def test_one_full_refresh_comes_to_the_people_of_every_story(
    new_warehouse: Callable[[], IdentityWarehouse],
) -> None:
    warehouse = new_warehouse()
    warehouse.deliver({story.name: [r for batch in story.batches for r in batch] for story in STORIES})
    assert partition(warehouse.customers()) == EXPECTED


@pytest.mark.slow  # test_against_brute_force.py delivers random records in random batches in every run
@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda order: "".join(map(str, order)))
def test_three_batches_in_any_order_come_to_the_same_people_and_remember_their_ids(
    new_warehouse: Callable[[], IdentityWarehouse], order: tuple[int, int, int]
) -> None:
    warehouse = new_warehouse()
    known: dict[str, str] = {}
    for batch in order:
        warehouse.deliver({story.name: story.batches[batch] for story in STORIES})
        now = warehouse.customers()
        assert_ids_are_remembered(known, now)
        known = now
    assert partition(known) == EXPECTED
    warehouse.run(full_refresh=True)
    assert warehouse.customers() == known, "a full refresh forgot ids"


def assert_ids_are_remembered(before: dict[str, str], after: dict[str, str]) -> None:
    """A person whose identifiers are all still one person keeps an id that one of them had."""
    groups: dict[str, set[str]] = {}
    for node, customer in after.items():
        if node in before:
            groups.setdefault(customer, set()).add(before[node])
    for customer, earlier_ids in groups.items():
        others_keep = {after[node] for node in after if before.get(node) in earlier_ids}
        assert customer in earlier_ids or len(others_keep) > 1, f"{earlier_ids} became {customer}"
