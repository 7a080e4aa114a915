"""A running story: its person, its clock, and the records that it writes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulator.goods import Order
from simulator.identifiers import OWN
from simulator.journey import Journey
from simulator.people import Person
from simulator.places import CLOSED, CLOSED_FROM, NEXT_TO_CLOSED, City, Location
from simulator.plan import to_the_second
from simulator.store_tables import raw_table
from simulator.world import World

WAKING = (7, 23)
OPEN = (9, 20)


class OutOfTimeError(Exception):
    """The story reached the end of the simulated days."""


class Scene:
    """The story of one person from ``start`` on; ``household`` is who lives there, the person included."""

    def __init__(
        self,
        world: World,
        person: Person,
        household: Sequence[Person],
        rng: Random,
        start: datetime,
        journey: Journey | None,
    ) -> None:
        self.world = world
        self.person = person
        self.household = household
        self.rng = rng
        self.now = start.replace(microsecond=start.microsecond // 1000 * 1000)
        self.journey = journey
        self.orders: list[Order] = []
        self.is_annoyed = False
        self._stay_within_the_plan()

    @property
    def shop(self) -> Location:
        """The shop that the person goes to now."""
        return self._city.shop

    @property
    def grocer(self) -> Location | None:
        """The grocer that the person goes to now, if there is one."""
        return self._city.grocer

    @property
    def _city(self) -> City:
        """The city where the person shops now: their own, or the next one while their shop is closed."""
        city, plan = self.person.household.city, self.world.plan
        is_closed = city is CLOSED and self.now >= plan.start + timedelta(days=plan.days * CLOSED_FROM)
        return NEXT_TO_CLOSED if is_closed else city

    def chance(self, share: float) -> bool:
        """Return true in ``share`` of all cases."""
        return self.rng.random() < share

    def mishap(self, name: str) -> bool:
        """Return whether one of the named faults happens now."""
        return self.world.mishaps.happens(name, self.rng)

    def pause(self, least: float, most: float) -> None:
        """Let seconds pass."""
        self._advance(timedelta(milliseconds=self.rng.randrange(int(least * 1000), int(most * 1000) + 1)))

    def come_back(
        self, least_hours: float, most_hours: float, hours_of_day: tuple[int, int] = WAKING
    ) -> None:
        """Let hours pass, and wait for a suitable hour of the day where the person lives."""
        self._advance(timedelta(milliseconds=int(self.rng.uniform(least_hours, most_hours) * 3_600_000)))
        first, last = hours_of_day
        local = self.now.astimezone(self.person.household.city.zone)
        if not first <= local.hour < last:
            hours_to_go = (first - local.hour) % 24
            self._advance(timedelta(hours=hours_to_go, minutes=self.rng.randrange(60 * (last - first))))

    def left(
        self,
        source: str,
        table: str,
        record_id: str | int,
        channel: str | None = None,
        *,
        inbound: bool = True,
        at: datetime | None = None,
        **more: Any,
    ) -> None:
        """Write the truth about a record of this story; with a ``channel`` it is a step of the journey."""
        at = at or self.now
        journey_id = self.journey.journey_id if self.journey else None
        self.world.truth.record(source, table, record_id, at, self.person.person_id, journey_id, **more)
        if self.journey and channel:
            self.journey.step(table, str(record_id), channel, at, inbound)

    def row(self, table: str, record_id: str, step_on: str | None, /, **columns: Any) -> None:
        """Write a row of the store database as of now, and the truth about it."""
        at = to_the_second(self.now)
        self.world.store.add(table, **({"occurred_at": at, "updated_at": at} | columns))
        self.left("store", raw_table(table), record_id, step_on)

    def known_by(self, kind: str, value: str, status: str = OWN) -> None:
        """Record a normalised identifier of the person in the truth."""
        self.world.truth.identifier(kind, value, self.person, status)

    def has(self, kind: str, value: str) -> None:
        """Record an object (``order_id``, ``cart_id``, …) of the person and the journey in the truth."""
        self.known_by(kind, value)
        if self.journey:
            self.journey.has(kind, value)

    def carries_on(self, by: str) -> None:
        """Mark the next handoff as continued."""
        if self.journey:
            self.journey.carries_on(by)

    def starts_again(self) -> None:
        """Say that at the next handoff the person has to start over."""
        if self.journey:
            self.journey.starts_again()

    def end(self, outcome: str, conversion_id: str | None = None, cents: int = 0, currency: str = "") -> None:
        """Set the outcome of the journey."""
        if self.journey:
            self.journey.end(outcome, conversion_id, cents, currency)

    def _advance(self, by: timedelta) -> None:
        self.now += by
        self._stay_within_the_plan()

    def _stay_within_the_plan(self) -> None:
        if self.now >= self.world.plan.until - timedelta(minutes=1):
            raise OutOfTimeError
