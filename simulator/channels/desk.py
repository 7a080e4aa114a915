"""Support: tickets, their messages and their outcome, as in Zendesk."""

from types import TracebackType
from typing import Any, Self

from simulator.catalogue import AGENTS, BOT, Agent
from simulator.consent import NO_MARKETING, refuses_marketing
from simulator.contacts import phone_as_typed
from simulator.goods import Order
from simulator.identifiers import MISTYPED, OWN
from simulator.plan import to_the_second
from simulator.scene import Scene
from simulator.support_data import Record, audit, change, comment
from simulator.surveys import likely_to_recommend

FIRST_USER_ID = 100_000
FIRST_TICKET_ID = 1_000_000
USERS_A_PERSON = 10
TICKETS_A_PERSON = 100
AUDITS_A_TICKET = 100
RATINGS_A_TICKET = 10
CHILDREN_AN_AUDIT = 10
RECOMMENDATIONS_ASKED = 0.15
ORDER_FIELD = 360001
# Groups of agents, by where the agent sits; the chatbot is in none.
GROUPS = (7001, 7002)
# Shares of replies after which the ticket waits for the customer or a third party, and of marked tickets.
WAITS_FOR_CUSTOMER, WAITS_FOR_OTHERS = 0.35, 0.15
NAMES_LOCATION, IS_URGENT = 0.5, 0.06
ORDER_NUMBER_ASKED = 0.12
CHANNELS = {
    "chat": "support_chat",
    "messaging": "support_chat",
    "voice": "support_phone",
    "email": "support_email",
    "web": "support_web",
    "twitter": "social",
    "facebook": "social",
}


class Ticket:
    """An open ticket; it is written when the ``with`` block ends, also by an error.

    ``about`` is an order that it references, ``parent`` a ticket that it continues.
    """

    def __init__(
        self,
        scene: Scene,
        via: str,
        subject: str,
        description: str,
        *,
        about: Order | None = None,
        parent: "Ticket | None" = None,
        by_bot: bool = False,
    ) -> None:
        self.scene = scene
        self.via = via
        self.subject = subject
        self.about = about
        self.agent = BOT if by_bot else scene.rng.choice(AGENTS)
        self.channel = "support_bot" if by_bot else CHANNELS[via]
        self.status = "new"
        number = scene.person.next_number("ticket")
        self.ticket_id = FIRST_TICKET_ID + scene.person.number * TICKETS_A_PERSON + number
        # Separate random numbers: what support does with a ticket does not change what the customer does.
        self._dice = scene.world.plan.rng("ticket", self.ticket_id)
        self.requester_id = _requester(scene, via)
        self._description = description
        self._score: str | None = None
        self._created_at = self._updated_at = to_the_second(scene.now)
        self._audits = self._ratings = 0
        self._tags = [f"order_id:{about.order_id}"] if about and scene.chance(0.7) else []
        self._fields = [{"id": ORDER_FIELD, "value": f"order_id:{about.order_id}"}] if about else []
        if self._tags:
            self._fields = [{"id": ORDER_FIELD, "value": None}]
        if not about and self._dice.random() < NAMES_LOCATION:
            self._tags.append(f"location_id:{scene.shop.location_id}")
        self._is_urgent = self._dice.random() < IS_URGENT
        if parent:
            self._tags.append(f"parent_ticket:{parent.ticket_id}")
        if refuses_marketing(scene):
            self._tags.append(NO_MARKETING)
        scene.has("ticket_id", str(self.ticket_id))
        scene.left("support", "support_tickets", self.ticket_id, self.channel)
        self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        rating = {"score": self._score or "unoffered"}
        record: Record = {
            "id": self.ticket_id,
            "requester_id": self.requester_id,
            "assignee_id": self.agent.user_id,
            "subject": self.subject,
            "description": self._description,
            "status": self.status,
            "priority": "urgent" if self._is_urgent else "high" if self.via == "voice" else "normal",
            "group_id": None if self.agent is BOT else GROUPS[self.agent.user_id % len(GROUPS)],
            "via": {"channel": self.via},
            "tags": self._tags,
            "custom_fields": self._fields,
            "external_id": None,
            "satisfaction_rating": rating,
            "created_at": self._created_at,
            "updated_at": self._updated_at,
        }
        self.scene.world.support.add("tickets", record)

    def agent_says(self, text: str) -> None:
        """Let the agent, or the bot, answer in public."""
        self.scene.pause(40, 400)
        if self._dice.random() < ORDER_NUMBER_ASKED:
            text = f"What is your order number? {text}"
        self._comment(self.agent.user_id, text, inbound=False)
        throw = self._dice.random()
        if throw < WAITS_FOR_CUSTOMER:
            self._becomes("pending")
        elif throw < WAITS_FOR_CUSTOMER + WAITS_FOR_OTHERS:
            self._becomes("hold")

    def customer_says(self, text: str) -> None:
        """Let the customer add something."""
        self.scene.pause(30, 600)
        self._comment(self.requester_id, text, inbound=True)
        if self.status == "pending":
            self._becomes("open")

    def pass_to(self, agent: Agent) -> None:
        """Hand the ticket to another agent."""
        self._change("assignee_id", str(agent.user_id), str(self.agent.user_id))
        self.agent = agent

    def solve(self, score: str | None = None) -> None:
        """Solve it; ``score`` is the customer's ``good`` or ``bad``, if they give one."""
        self.scene.pause(60, 1800)
        self._becomes("solved")
        if score:
            self._rate(score)
        if self.scene.chance(RECOMMENDATIONS_ASKED):
            self._tags.append(f"nps:{likely_to_recommend(self.scene, score != 'bad')}")

    def reopen(self, text: str) -> None:
        """Let the customer reopen it."""
        self._comment(self.requester_id, text, inbound=True)
        self._becomes("open")

    def _becomes(self, status: str) -> None:
        if status != self.status:
            self._change("status", status, self.status)
            self.status = status

    def _open(self) -> None:
        """Write the audit that every ticket begins with: its first comment is the description."""
        first = comment(self._child_id(1), self.requester_id, self._description, True, self.via)
        created = {"id": self._child_id(2), "event_type": "Create", "status": "new", "via": None}
        self._audit(self.requester_id, [first, created], comment_id=first["id"], is_ticket_itself=True)
        self.status = "open"

    def _comment(self, author_id: int, text: str, inbound: bool) -> None:
        child = comment(self._child_id(1), author_id, text, True, self.via)
        channel = self.channel if inbound or self.agent is BOT else CHANNELS[self.via]
        self._audit(author_id, [child], step_on=channel, inbound=inbound, comment_id=child["id"])

    def _change(self, name: str, value: str, previous: str) -> None:
        self._audit(self.agent.user_id, [change(self._child_id(1), name, value, previous)])

    def _audit(
        self,
        author_id: int,
        children: list[Record],
        step_on: str | None = None,
        inbound: bool = True,
        **more: Any,
    ) -> None:
        self._updated_at = at = to_the_second(self.scene.now)
        audit_id = self._next_audit_id()
        self._audits += 1
        self.scene.world.support.add(
            "ticket_events", audit(audit_id, self.ticket_id, author_id, at, self.via, children)
        )
        self.scene.left("support", "support_ticket_events", audit_id, step_on, inbound=inbound, **more)

    def _rate(self, score: str) -> None:
        self._score = score
        self._ratings += 1
        rating_id = self.ticket_id * RATINGS_A_TICKET + self._ratings
        at = to_the_second(self.scene.now)
        record: Record = {
            "id": rating_id,
            "ticket_id": self.ticket_id,
            "requester_id": self.requester_id,
            "assignee_id": self.agent.user_id,
            "score": score,
            "comment": "Thank you!" if score == "good" else "I had to ask twice.",
            "created_at": at,
            "updated_at": at,
        }
        self.scene.world.support.add("satisfaction_ratings", record)
        self.scene.left("support", "support_satisfaction_ratings", rating_id, self.channel)

    def _next_audit_id(self) -> int:
        return self.ticket_id * AUDITS_A_TICKET + self._audits

    def _child_id(self, nth: int) -> int:
        return self._next_audit_id() * CHILDREN_AN_AUDIT + nth


def _requester(scene: Scene, via: str) -> int:
    """Return the support user of the person: callers by their number, others by their email."""
    person = scene.person
    phone = person.phone_given(scene.rng)
    by_phone = via == "voice" and phone is not None
    if by_phone and "email" in person.support_users and scene.chance(0.5):
        by_phone = False
    known_as = "phone" if by_phone else "email"
    if known_as not in person.support_users:
        person.support_users[known_as] = _new_user(scene, phone if by_phone else None)
    user_id = person.support_users[known_as]
    scene.known_by("support_user_id", str(user_id))
    return user_id


def _new_user(scene: Scene, phone: str | None) -> int:
    person, mishaps, rng = scene.person, scene.world.mishaps, scene.rng
    user_id = FIRST_USER_ID + person.number * USERS_A_PERSON + len(person.support_users)
    typed = None
    name = person.full_name
    if phone:
        scene.known_by("phone", phone)
        name = f"{mishaps.name_as_typed(person.first_name, rng)} {person.last_name}"
    else:
        typed = mishaps.email_as_typed(person.email, rng).strip().lower()
        scene.known_by("email", typed, OWN if typed == person.email else MISTYPED)
    linked = phone is None and person.user_id is not None and scene.chance(0.5)
    if linked and person.user_id:
        scene.known_by("user_id", person.user_id)
    at = to_the_second(scene.now)
    record: Record = {
        "id": user_id,
        "role": "end-user",
        "name": name,
        "email": typed,
        "phone": phone_as_typed(phone, rng) if phone else None,
        "external_id": person.user_id if linked else None,
        "tags": [],
        "created_at": at,
        "updated_at": at,
    }
    scene.world.support.add("users", record)
    scene.left("support", "support_users", user_id)
    return user_id
