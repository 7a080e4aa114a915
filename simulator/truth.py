"""The truth about the simulated records, which the pipeline never reads.

``people`` and ``households``; ``identifiers`` with their owners; ``records`` with their person and journey;
``journeys``: goal, outcome, records in order, handoffs; ``orders``: what was bought and what was returned; ``files``
and ``rejects``: what was delivered, and which lines cannot be read.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from simulator.goods import Order
from simulator.identifiers import OWN, SHARED
from simulator.json_lines import JsonLines
from simulator.people import Person
from simulator.plan import amount, to_the_millisecond

STREAMS = ("people", "households", "identifiers", "records", "journeys", "orders", "files", "rejects")


@dataclass
class _Identifier:
    """The owners of an identifier within one household."""

    status: str
    people: dict[str, None] = field(default_factory=dict)


class Truth:
    """Writes the truth as it happens; keeps only the identifiers of the current household in memory."""

    def __init__(self, folder: Path) -> None:
        self._streams = {name: JsonLines(folder / f"{name}.jsonl") for name in STREAMS}
        self._identifiers: dict[tuple[str, str], _Identifier] = {}
        self._everybodys: set[tuple[str, str]] = set()

    def household(self, people: list[Person]) -> None:
        """Record a household and its people."""
        home = people[0].household
        self._add(
            "households",
            household_id=f"h-{home.number:07}",
            address=home.address,
            postcode=home.postcode,
            city=home.city.name,
            country=home.city.country.code,
            timezone=home.city.timezone,
            people=[person.person_id for person in people],
            landline=home.landline,
            tablet=home.tablet.anonymous_id if home.tablet else None,
            shares_payment_card=home.payment_token is not None,
        )
        for person in people:
            self._add(
                "people",
                person_id=person.person_id,
                household_id=f"h-{home.number:07}",
                first_name=person.first_name,
                last_name=person.last_name,
                birth_date=person.birth_date.isoformat(),
                email=person.email,
                phone=person.phone,
                activity=person.activity,
                wants_email=person.wants_email,
                wants_sms=person.wants_sms,
                language=person.language,
                is_internal=person.is_internal,
            )

    def identifier(self, kind: str, value: str, person: Person, status: str = OWN) -> None:
        """Record an identifier of a person; ``value`` is normalised."""
        known = self._identifiers.setdefault((kind, value), _Identifier(status))
        known.people[person.person_id] = None

    def everybodys(self, kind: str, value: str, status: str) -> None:
        """Record an identifier of nobody: a placeholder, or a device in a shop."""
        if (kind, value) not in self._everybodys:
            self._everybodys.add((kind, value))
            self._add("identifiers", type=kind, value=value, people=[], status=status)

    def end_of_household(self) -> None:
        """Write the identifiers of the household, which cannot occur again."""
        for (kind, value), known in self._identifiers.items():
            status = SHARED if len(known.people) > 1 else known.status
            self._add("identifiers", type=kind, value=value, people=list(known.people), status=status)
        self._identifiers.clear()

    def record(
        self,
        source: str,
        table: str,
        record_id: str | int,
        at: datetime,
        person_id: str | None,
        journey_id: str | None,
        **more: Any,
    ) -> None:
        """Record the person of a record; ``actor`` in ``more`` is for records of no customer."""
        self._add(
            "records",
            source=source,
            table=table,
            record_id=str(record_id),
            at=to_the_millisecond(at),
            person_id=person_id,
            journey_id=journey_id,
            **more,
        )

    def journey(self, entry: dict[str, Any]) -> None:
        """Record a journey."""
        self._add("journeys", **entry)

    def order(self, person: Person, order: Order) -> None:
        """Record an order or sale: where it was bought and handed over, and what was returned."""
        self._add(
            "orders",
            order_id=order.order_id,
            person_id=person.person_id,
            at=to_the_millisecond(order.placed_at),
            channel_sold=order.channel,
            channel_fulfilled=order.fulfilled_on,
            revenue=amount(order.total_cents),
            returned=amount(order.returned_cents),
            paid_on_top_in_exchange=amount(order.exchanged_cents),
            currency=order.currency,
            is_cancelled=order.is_cancelled,
        )

    def file(self, entry: dict[str, Any]) -> None:
        """Record the content of a delivered file."""
        self._add("files", **entry)

    def reject(self, source: str, file: str, line: int | None, reason: str) -> None:
        """Record a line that must be rejected; ``line`` is None if the file itself is broken."""
        self._add("rejects", source=source, file=file, line=line, reason=reason)

    def counts(self) -> dict[str, int]:
        """Return how many entries each stream has."""
        return {name: stream.count for name, stream in self._streams.items()}

    def close(self) -> None:
        """Finish the files."""
        for stream in self._streams.values():
            stream.close()

    def _add(self, stream: str, **entry: Any) -> None:
        self._streams[stream].add(entry)
