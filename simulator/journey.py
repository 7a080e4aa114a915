"""One true journey: its goal, its outcome, and all its steps."""

from datetime import datetime
from typing import Any

from simulator.people import Person
from simulator.plan import amount, to_the_millisecond

CONTINUED, RESTARTED, UNLINKED = "continued", "restarted", "unlinked"


class Journey:
    """A person's journey to one goal, over any number of channels.

    A handoff is a step of the person on another channel than the step before. Its kind is set before it happens:
    ``continued`` (with an object) or ``restarted``; otherwise it is ``unlinked``.
    """

    def __init__(self, person: Person, story: str, goal: str) -> None:
        self.person = person
        self.story = story
        self.goal = goal
        self.journey_id = f"j-{person.number:07}-{person.next_number('journey'):02}"
        self.outcome = "open"
        self.conversion: tuple[str, int, str] | None = None
        self._steps: list[dict[str, Any]] = []
        self._handoffs: list[dict[str, Any]] = []
        self._path: list[str] = []
        self._objects: dict[tuple[str, str], None] = {}
        self._coming: tuple[str, str | None] = (UNLINKED, None)

    @property
    def has_begun(self) -> bool:
        """Whether it left any record."""
        return bool(self._steps)

    def step(self, table: str, record_id: str, channel: str, at: datetime, inbound: bool) -> None:
        """Add one step with a record."""
        self._steps.append(
            {
                "table": table,
                "record_id": record_id,
                "at": to_the_millisecond(at),
                "channel": channel,
                "direction": "inbound" if inbound else "outbound",
            }
        )
        if not inbound or (self._path and self._path[-1] == channel):
            return
        if self._path:
            outcome, by = self._coming
            self._handoffs.append(
                {
                    "at": to_the_millisecond(at),
                    "from_channel": self._path[-1],
                    "to_channel": channel,
                    "outcome": outcome,
                    "by": by,
                    "record_id": record_id,
                }
            )
        self._coming = (UNLINKED, None)
        self._path.append(channel)

    def carries_on(self, by: str) -> None:
        """Mark the next handoff as continued, by a ``cart_id``, ``order_id``, …."""
        self._coming = (CONTINUED, by)

    def starts_again(self) -> None:
        """Mark the next handoff as restarted."""
        self._coming = (RESTARTED, None)

    def has(self, kind: str, value: str) -> None:
        """Remember an object of the journey: a cart, an order, a ticket."""
        self._objects[kind, value] = None

    def end(self, outcome: str, conversion_id: str | None = None, cents: int = 0, currency: str = "") -> None:
        """Set the outcome and the conversion."""
        self.outcome = outcome
        if conversion_id:
            self.conversion = (conversion_id, cents, currency)

    def as_truth(self) -> dict[str, Any]:
        """Return the journey for the truth, with steps in order of time."""
        steps = sorted(self._steps, key=lambda step: str(step["at"]))
        conversion_id, cents, currency = self.conversion or (None, 0, None)
        return {
            "journey_id": self.journey_id,
            "person_id": self.person.person_id,
            "story": self.story,
            "goal": self.goal,
            "outcome": self.outcome,
            "started_at": steps[0]["at"],
            "ended_at": steps[-1]["at"],
            "channel_path": " > ".join(self._path),
            "conversion_id": conversion_id,
            "revenue": amount(cents),
            "currency": currency,
            "objects": [f"{kind}:{value}" for kind, value in self._objects],
            "handoffs": self._handoffs,
            "records": steps,
        }
