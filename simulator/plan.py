"""The plan of a simulation: number of people, seed, days."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

DEFAULT_UNTIL = datetime(2026, 10, 31, tzinfo=UTC)
DEFAULT_SEED = 7
DEFAULT_DAYS = 90


@dataclass(frozen=True)
class Plan:
    """The whole input of a simulation: equal plans give equal bytes.

    The last instant is ``until``, and the history is ``days`` long. A person is the same in a simulation of any size,
    because they depend only on the seed and on their number.
    """

    people: int
    seed: int = DEFAULT_SEED
    until: datetime = DEFAULT_UNTIL
    days: int = DEFAULT_DAYS

    def __post_init__(self) -> None:
        if self.people < 1 or self.days < 1:
            raise ValueError(f"a simulation needs people and days, not {self.people} and {self.days}")
        if self.until.tzinfo is None:
            raise ValueError(f"the end of a simulation needs an offset: {self.until}")
        object.__setattr__(self, "until", self.until.astimezone(UTC))

    @property
    def start(self) -> datetime:
        """The first instant of the history."""
        return self.until - timedelta(days=self.days)

    @property
    def first_morning(self) -> datetime:
        """The start of the first day in all time zones of people; nobody acts before it."""
        return self.start + timedelta(hours=10)

    def rng(self, *names: str | int) -> Random:
        """Return a random generator that depends only on the seed and the given names."""
        return Random("/".join(str(part) for part in (self.seed, *names)))


def to_the_millisecond(at: datetime) -> str:
    """Write a UTC instant as Segment does: ``2026-08-02T10:00:00.000Z``."""
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def to_the_second(at: datetime) -> str:
    """Write a UTC instant as a database and Zendesk do: ``2026-08-02T10:00:00Z``."""
    return at.isoformat(timespec="seconds")[:19] + "Z"


def amount(cents: int) -> float:
    """Return cents as a number with two decimals."""
    return cents / 100
