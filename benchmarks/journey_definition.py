"""The journeys of docs/definitions.md in plain Python, over the records of people whose identity is known for sure.

These are the journeys of a warehouse with perfect identity. The module shares no code with the models.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.journey_touches import OUTREACH, PURCHASE, SERVICE, Ticket, Touch

SILENCE = timedelta(days=30)
LED_TO = timedelta(days=7)
REPEAT_CONTACT = timedelta(days=7)


@dataclass
class Journey:
    """The touches of one journey by the definition, in order."""

    kind: str
    touches: list[Touch] = field(default_factory=list)

    @property
    def conversion_id(self) -> str | None:
        """The conversion, if any."""
        return next((touch.conversion_id for touch in self.touches if touch.is_conversion), None)

    def status(self, tickets: Mapping[str, Ticket], until: datetime) -> str:
        """Return the status at an instant."""
        if self.kind == SERVICE:
            named = {touch.ticket_id for touch in self.touches if touch.ticket_id}
            return "resolved" if all(tickets[one].is_solved for one in named) else "open"
        if self.kind == OUTREACH:
            return "unanswered"
        if self.conversion_id:
            return "converted"
        inbound = [touch.occurred_at for touch in self.touches if touch.direction == "inbound"]
        silent_since = max(inbound) if inbound else self.touches[0].occurred_at
        return "abandoned" if until - silent_since > SILENCE else "open"


def journeys_of(touches: list[Touch], tickets: Mapping[str, Ticket]) -> list[Journey]:
    """Return one person's journeys; the touches must be in order of time."""
    asked = {touch.ticket_id for touch in touches if touch.ticket_id in tickets}
    cases = _cases([tickets[ticket_id] for ticket_id in asked if ticket_id])
    service: dict[str, Journey] = {}
    others = []
    for touch in touches:
        case = cases.get(touch.ticket_id or "")
        if case is None or touch.is_conversion:
            others.append(touch)
        else:
            service.setdefault(case, Journey(SERVICE)).touches.append(touch)
    return [*service.values(), *_purchases(others)]


def _cases(tickets: Iterable[Ticket]) -> Mapping[str, str]:
    """Return, by ticket, the first ticket of the chain that it is in."""
    ordered = sorted(tickets, key=lambda ticket: (ticket.created_at, ticket.ticket_id))
    case_of = {ticket.ticket_id: ticket.ticket_id for ticket in ordered}
    for number, later in enumerate(ordered):
        for earlier in ordered[:number]:
            if _is_one_case(earlier, later):
                joined = {case_of[earlier.ticket_id], case_of[later.ticket_id]}
                case_of = {
                    ticket_id: min(joined) if case in joined else case for ticket_id, case in case_of.items()
                }
    return case_of


def _is_one_case(earlier: Ticket, later: Ticket) -> bool:
    if later.parent_ticket_id == earlier.ticket_id:
        return True
    same_subject = earlier.subject is not None and earlier.subject == later.subject
    same_order = earlier.order_id is not None and earlier.order_id == later.order_id
    is_soon = earlier.solved_at is None or later.created_at - earlier.solved_at <= REPEAT_CONTACT
    return (same_subject or same_order) and is_soon


def _purchases(touches: Iterable[Touch]) -> Iterator[Journey]:
    """Split after a conversion and after the timeout; touches with a conversion's object follow it.

    Messages of the last days before a journey open it; others are part of the journey that was open when they arrived,
    or outreach.
    """
    converted: dict[str, Journey] = {}
    purchase: Journey | None = None
    ends_at = datetime.min
    waiting: list[Touch] = []
    for touch in touches:
        followed = [converted[name] for name in touch.objects if name in converted]
        if followed and not touch.is_conversion:
            followed[-1].touches.append(touch)
            continue
        if touch.direction != "inbound" and not touch.is_conversion:
            waiting.append(touch)
            continue
        if purchase is None or touch.occurred_at > ends_at:
            opening = [one for one in waiting if touch.occurred_at - one.occurred_at <= LED_TO]
            yield from _ended(purchase, ends_at, waiting[: len(waiting) - len(opening)])
            purchase, waiting = Journey(PURCHASE, opening), []
        purchase.touches += [*waiting, touch]
        waiting = []
        ends_at = datetime.min if touch.is_conversion else touch.occurred_at + SILENCE
        if touch.conversion_id and touch.is_conversion:
            converted[touch.conversion_id] = purchase
    yield from _ended(purchase, ends_at, waiting)


def _ended(purchase: Journey | None, ends_at: datetime, messages: list[Touch]) -> Iterator[Journey]:
    """Yield a journey with the messages that arrived during it, and later ones as outreach."""
    if purchase:
        purchase.touches += [message for message in messages if message.occurred_at <= ends_at]
        yield purchase
    late = [message for message in messages if message.occurred_at > ends_at]
    if late:
        yield Journey(OUTREACH, late)
