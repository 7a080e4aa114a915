"""Compares the warehouse's journeys and handoffs with the goals of the simulated people."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from benchmarks.journey_definition import Journey, journeys_of
from benchmarks.journey_touches import PURCHASE, SERVICE, Goal, Handoff, Inputs, Touch, grouped

NO_HANDOFF = "no such handoff"
# Causes, in the order of the checks. "Definition" causes remain with perfect identity.
AFTERWARDS = "definition: what follows a conversion does not name it, or is a conversion of its own"
SILENCE = "definition: 30 days of silence inside it"
UNNAMED = "definition: a help page or chat window that names no ticket is no part of the case"
NEXT_GOAL = "definition: the next goal came within 30 days, before anything was bought"
STILL_OPEN = "definition: given up, but a newsletter read within 30 days keeps it open"
NOT_DONE = "definition: support has solved it, the person has not finished"
SAME_CASE = "definition: the same question again within 7 days is one case"
IN_BETWEEN = "definition: something else on another channel came in between"
NAMED_TOO = "definition: begun again, but by an order that both channels name"
NOTHING_NAMED = "definition: a chat and what led to it name nothing in common"
BACK_AGAIN = "definition: back to a ticket of this channel, which the other channel never saw"
RESTART_FIRST = "definition: a cart begun again counts before a product carried on"
NOBODY = "identity: a record that shows nobody"
KEPT_APART = "identity: a record ties the person's two customers, and they were kept apart"
STRANGER = "identity: on a device or card that was never tied to anybody"
UNTIED = "identity: no record ties what this one shows of the person to what the others show"
SOMEONE_ELSE = "identity: under somebody else's customer"
OTHERS_IN_IT = "identity: with records of somebody else"
CARRIED_OVER = "identity: a record before or after it is missing, and the cuts moved"
ELSEWHERE = "journeys: other than defined"


@dataclass(frozen=True)
class Verdict:
    """The result for one true journey: whether boundaries and outcome are right, and the cause if not."""

    kind: str
    story: str
    is_one_customer: bool
    has_boundaries: bool
    has_outcome: bool
    cause: str | None

    @property
    def is_right(self) -> bool:
        """Both are right."""
        return self.has_boundaries and self.has_outcome


@dataclass(frozen=True)
class HandoffVerdict:
    """The result for one true handoff: its true kind, that in the warehouse, and the cause of a difference."""

    true: Handoff
    story: str
    outcome: str
    cause: str | None

    @property
    def is_right(self) -> bool:
        """Whether the warehouse has it, with the right kind."""
        return self.outcome == self.true.outcome


class Comparison:
    """Everything that the comparison looks up, computed once."""

    def __init__(self, inputs: Inputs, until: datetime) -> None:
        self.inputs = inputs
        self.until = until.replace(tzinfo=None)
        self.of_goal = grouped(inputs.touches, "goal_id")
        self.of_person = grouped(inputs.touches, "person_id")
        self.of_journey = grouped(inputs.touches, "journey_id")
        self.main_customer = {person: _main(touches) for person, touches in self.of_person.items()}
        self.mains = set(self.main_customer.values())
        self.defined = {
            person: journeys_of(touches, inputs.tickets) for person, touches in self.of_person.items()
        }
        self.defined_of = {
            touch.touchpoint_id: journey
            for journeys in self.defined.values()
            for journey in journeys
            for touch in journey.touches
        }

    def goals(self) -> list[Verdict]:
        """Compare every true journey with a touchpoint."""
        return [self._goal(goal) for goal in self.inputs.goals if self.of_goal.get(goal.goal_id)]

    def definition(self) -> list[Verdict]:
        """Compare every journey of the definition over the true people's touchpoints."""
        return [
            self._defined(person_id, journey)
            for person_id, journeys in self.defined.items()
            for journey in journeys
        ]

    def handoffs(self) -> list[HandoffVerdict]:
        """Compare every true handoff."""
        return [
            self._handoff(goal, record, handoff)
            for goal in self.inputs.goals
            for record, handoff in goal.handoffs.items()
        ]

    def _goal(self, goal: Goal) -> Verdict:
        touches = self.of_goal[goal.goal_id]
        journey_id = _likeliest(touches, goal.conversion_id)
        has_boundaries = _ids(touches) == _ids(
            touch for touch in self.of_journey.get(journey_id or "", []) if touch.goal_id
        )
        has_outcome = self.inputs.journeys.get(journey_id or "") == _expected(goal, touches, self.until)
        cause = None
        if not has_boundaries:
            cause = self._definition_cause(goal, touches) or self._identity_cause(touches)
        elif not has_outcome:
            cause = NOT_DONE if goal.kind == SERVICE else STILL_OPEN
        return Verdict(
            goal.kind,
            goal.story,
            self._is_one_customer(goal.person_id),
            has_boundaries,
            has_outcome,
            cause,
        )

    def _defined(self, person_id: str, journey: Journey) -> Verdict:
        journey_id = _likeliest(journey.touches, journey.conversion_id)
        has_boundaries = _ids(journey.touches) == _ids(self.of_journey.get(journey_id or "", []))
        expected = (journey.status(self.inputs.tickets, self.until), journey.conversion_id)
        has_outcome = self.inputs.journeys.get(journey_id or "") == expected
        is_right = has_boundaries and has_outcome
        return Verdict(
            journey.kind,
            journey.kind,
            self._is_one_customer(person_id),
            has_boundaries,
            has_outcome,
            None if is_right else self._identity_cause(journey.touches),
        )

    def _definition_cause(self, goal: Goal, touches: list[Touch]) -> str | None:
        """Return why the boundaries differ by the definition, even with perfect identity."""
        journeys = {id(one): one for one in (self.defined_of[touch.touchpoint_id] for touch in touches)}
        if len(journeys) > 1:
            if goal.kind == SERVICE:
                return UNNAMED
            return AFTERWARDS if any(one.conversion_id for one in journeys.values()) else SILENCE
        goals = {touch.goal_id for one in journeys.values() for touch in one.touches if touch.goal_id}
        if goals != {goal.goal_id}:
            return SAME_CASE if goal.kind == SERVICE else NEXT_GOAL
        return None

    def _identity_cause(self, touches: list[Touch]) -> str:
        main = self.main_customer[touches[0].person_id]
        strays = {touch.customer_id: touch for touch in touches if touch.customer_id != main}
        if None in strays:
            return NOBODY
        if strays.keys() & self.mains:
            return SOMEONE_ELSE
        if any((customer, main) in self.inputs.tied_customers for customer in strays):
            return KEPT_APART
        if strays:
            return UNTIED if any(touch.is_identified for touch in strays.values()) else STRANGER
        journey_ids = {touch.journey_id for touch in touches if touch.journey_id}
        found = [touch for journey_id in journey_ids for touch in self.of_journey[journey_id]]
        if any(touch.person_id != touches[0].person_id for touch in found):
            return OTHERS_IN_IT
        return ELSEWHERE if self._is_one_customer(touches[0].person_id) else CARRIED_OVER

    def _is_one_customer(self, person_id: str) -> bool:
        """Whether all records of a person, and nobody else's, are under one customer."""
        return {touch.customer_id for touch in self.of_person[person_id]} == {
            self.main_customer[person_id]
        } and self._owners[self.main_customer[person_id]] == {person_id}

    @cached_property
    def _owners(self) -> dict[str | None, set[str]]:
        owners: dict[str | None, set[str]] = defaultdict(set)
        for touch in self.inputs.touches:
            owners[touch.customer_id].add(touch.person_id)
        return owners

    def _handoff(self, goal: Goal, record: str, true: Handoff) -> HandoffVerdict:
        touches = [touch for touch in self.of_goal.get(goal.goal_id, []) if not touch.is_arrival]
        later = next((touch for touch in touches if touch.true_record == record), None)
        found = self.inputs.handoffs.get(later.touchpoint_id) if later else None
        is_it = found is not None and (found.from_channel, found.to_channel) == (
            true.from_channel,
            true.to_channel,
        )
        outcome = found.outcome if found and is_it else NO_HANDOFF
        if outcome == true.outcome or later is None:
            return HandoffVerdict(true, goal.story, outcome, None)
        return HandoffVerdict(
            true, goal.story, outcome, self._handoff_cause(goal, touches, later, true, outcome)
        )

    def _handoff_cause(
        self, goal: Goal, touches: list[Touch], later: Touch, true: Handoff, outcome: str
    ) -> str:
        if outcome != NO_HANDOFF:
            return self._other_outcome_cause(touches, true, outcome)
        earlier = [
            touch
            for touch in touches
            if touch.channel == true.from_channel
            and touch.direction == "inbound"
            and touch.occurred_at <= later.occurred_at
        ][-1:]
        both = [*earlier, later]
        if len({touch.journey_id for touch in both if touch.journey_id}) == len(both) == 1:
            return IN_BETWEEN
        if len({touch.customer_id for touch in both}) == 1 and later.customer_id:
            is_one = len({touch.journey_id for touch in both}) == 1
            return IN_BETWEEN if is_one else self._definition_cause(goal, touches) or CARRIED_OVER
        return self._identity_cause(both)

    def _other_outcome_cause(self, touches: list[Touch], true: Handoff, outcome: str) -> str:
        if true.outcome == "restarted":
            return NAMED_TOO
        if outcome == "restarted":
            return RESTART_FIRST
        causes = {"conversation": NOTHING_NAMED, "ticket_id": BACK_AGAIN}
        return causes.get(true.by or "") or self._identity_cause(touches)


def _main(touches: list[Touch]) -> str | None:
    """Return the customer that most of a person's identified records, or else of all, are under."""
    known = [touch for touch in touches if touch.customer_id]
    identified = [touch for touch in known if touch.is_identified] or known
    counted = Counter(touch.customer_id for touch in identified).most_common(1)
    return counted[0][0] if counted else None


def _likeliest(touches: list[Touch], conversion_id: str | None) -> str | None:
    """Return the warehouse's journey of these touches: that of their conversion, or of most of them."""
    for touch in touches:
        if conversion_id and touch.is_conversion and touch.conversion_id == conversion_id:
            return touch.journey_id
    counted = Counter(touch.journey_id for touch in touches if touch.journey_id).most_common(1)
    return counted[0][0] if counted else None


def _expected(goal: Goal, touches: list[Touch], until: datetime) -> tuple[str, str | None]:
    """Return the expected status of a goal: one that was given up is open until 30 days have passed."""
    if goal.outcome == "converted":
        return "converted", goal.conversion_id
    if goal.kind == SERVICE:
        return goal.outcome, None
    return Journey(PURCHASE, [touch for touch in touches if not touch.is_conversion]).status({}, until), None


def _ids(touches: Iterable[Touch]) -> set[str]:
    return {touch.touchpoint_id for touch in touches}
