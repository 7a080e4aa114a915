"""Random members are erased by processes that are killed at random instants until one is not: the same end."""

import os
import random
import signal
import traceback
from collections.abc import Sequence
from contextlib import closing

import duckdb
import pytest

from rights.forgetting import find, forget, under_way
from tests.rights.checks import rows_of, traces_in_files
from tests.rights.conftest import Home
from tests.rights.family import FAMILY, Member

SEEDS = range(int(os.environ.get("KILLS") or "10"))
# With more than six left, their telephone is still too many people's to be anybody's.
MOST_ERASED, MOST_KILLS = 3, 3


def erased_by_child(home: Home, who: Sequence[str], dies_after: float = 0) -> tuple[bool, float]:
    """Erase in a child that dies after so many processor seconds; return whether it ended, and its time."""
    child = os.fork()
    if child == 0:
        try:
            # This signal is not handled, so it ends the process like a kill.
            signal.setitimer(signal.ITIMER_PROF, dies_after)
            journal = under_way(home.places) or find(home.places, who, "asked", "tests")
            forget(home.places, journal, lambda _: None, home.build)
            os._exit(0)
        except BaseException:
            traceback.print_exc()
            os._exit(1)
    _, status, used = os.wait4(child, 0)
    assert status in (0, signal.SIGPROF), "it ended with an error"
    return status == 0, used.ru_utime + used.ru_stime


def chosen(dice: random.Random) -> tuple[list[Member], list[Member], list[str]]:
    """Return who is erased, who stays, and one identifier of each who is erased."""
    members = [Member(number) for number in range(len(FAMILY))]
    erased = dice.sample(members, dice.randint(1, MOST_ERASED))
    kinds = ("email:{0.email}", "user_id:u-quill-{0.number}", "member_id:member-quill-{0.number}")
    who = [dice.choice(kinds).format(member) for member in erased]
    return erased, [member for member in members if member not in erased], who


@pytest.fixture(scope="module")
def longest() -> list[float]:
    """The longest erasure so far, in processor seconds; the first is not killed, to measure it."""
    return []


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_an_erasure_that_is_killed_ends_the_same(home: Home, longest: list[float], seed: int) -> None:
    dice = random.Random(seed)
    erased, others, who = chosen(dice)
    before = rows_of(home.places.warehouse, others)
    kills = dice.randint(1, MOST_KILLS) if longest else 0
    has_ended, seconds = False, 0.0
    for _ in range(kills):
        has_ended, used = erased_by_child(home, who, dice.uniform(0.001, max(longest)))
        seconds += used
        if has_ended:
            break
    if not has_ended:
        has_ended, seconds = erased_by_child(home, who)
    assert has_ended
    longest.append(seconds)
    assert traces_in_files(home, erased) == []
    assert rows_of(home.places.warehouse, others) == before
    assert not home.places.work.exists()
    assert len(list(home.places.certificates.iterdir())) == 1
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        listed = connection.execute(
            "select count(distinct erasure_id), count(*) from rights.erasures"
        ).fetchall()
    assert listed == [(1, 1)]
