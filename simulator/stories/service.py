"""Contacts with support: short ones, handed-over ones, and those in which the customer has to start over."""

from simulator.catalogue import AGENTS
from simulator.channels.desk import Ticket
from simulator.channels.visits import Visit
from simulator.goods import Order
from simulator.phrases import GENERAL_CONCERNS, ORDER_CONCERNS, THANKS, Concern
from simulator.phrases_abroad import CONCERNS
from simulator.scene import Scene

OTHER_WAYS = ("email", "voice", "web", "twitter")


def concern_of(scene: Scene, order: Order | None) -> Concern:
    """Pick what it is about."""
    if scene.person.language in CONCERNS:
        return scene.rng.choice(CONCERNS[scene.person.language])
    return scene.rng.choice(ORDER_CONCERNS if order else GENERAL_CONCERNS)


def asks_once(scene: Scene, order: Order | None) -> None:
    """Ask, and get an answer; the impatient ask the same on another channel meanwhile."""
    concern = concern_of(scene, order)
    via = scene.rng.choice(("email", "email", "web", "voice", "chat", "messaging"))
    with Ticket(scene, via, concern.subject, concern.calm, about=order) as ticket:
        repeated = scene.mishap("second_channel")
        if repeated:
            _asks_elsewhere(scene, concern, order, via)
            scene.carries_on("ticket_id")
        ticket.agent_says(concern.answer)
        if scene.chance(0.4):
            ticket.customer_says(scene.rng.choice(THANKS))
        ticket.solve(_score(scene, good=0.5 if repeated else 0.85))
        scene.end("resolved")
        if scene.chance(0.06):
            scene.come_back(12, 72)
            ticket.reopen(concern.angry)
            scene.end("open")
            ticket.agent_says(concern.answer)
            ticket.solve(_score(scene, good=0.3))
            scene.end("resolved")


def is_answered_by_the_bot(scene: Scene, order: Order | None) -> None:
    """Ask in the chat; the bot knows the answer."""
    concern = concern_of(scene, order)
    _opens_chat(scene)
    with Ticket(scene, "chat", concern.subject, concern.calm, about=order, by_bot=True) as ticket:
        ticket.agent_says(concern.answer)
        if scene.chance(0.5):
            ticket.customer_says(scene.rng.choice(THANKS))
        ticket.solve(_score(scene, good=0.75))
    scene.end("resolved")


def goes_on_by_phone(scene: Scene, order: Order | None) -> None:
    """Begin in the chat, and continue on the phone: the agent has the history."""
    concern = concern_of(scene, order)
    _opens_chat(scene)
    with Ticket(scene, "chat", concern.subject, concern.calm, about=order, by_bot=scene.chance(0.6)) as chat:
        chat.agent_says("Let me connect you with someone who can help.")
        chat.solve()
        scene.carries_on("ticket_id")
        scene.pause(30, 600)
        with Ticket(scene, "voice", concern.subject, "Continued by phone", about=order, parent=chat) as call:
            call.agent_says(concern.answer)
            call.solve(_score(scene, good=0.9))
    scene.end("resolved")


def begins_again_by_phone(scene: Scene, order: Order | None) -> None:
    """Begin in the chat, without success; call some days later, and explain everything again."""
    concern = concern_of(scene, order)
    _opens_chat(scene)
    with Ticket(scene, "chat", concern.subject, concern.calm, about=order) as chat:
        chat.agent_says("We will look into it.")
        chat.solve()
    scene.starts_again()
    scene.come_back(10, 120, (8, 20))
    about = order if scene.chance(0.4) else None
    with Ticket(scene, "voice", concern.subject, concern.angry, about=about) as call:
        if scene.chance(0.3):
            call.pass_to(scene.rng.choice(AGENTS))
        call.agent_says(concern.answer)
        if scene.chance(0.85):
            call.solve(_score(scene, good=0.35))
            scene.end("resolved")


def asks_again(scene: Scene, order: Order | None) -> None:
    """Ask by email; when the answer did not help, ask by email again within the week."""
    concern = concern_of(scene, order)
    with Ticket(scene, "email", concern.subject, concern.calm, about=order) as first:
        first.agent_says(concern.answer)
        first.solve()
    scene.come_back(30, 140)
    with Ticket(scene, "email", concern.subject, concern.angry, about=order) as second:
        second.agent_says(concern.answer)
        second.solve(_score(scene, good=0.4))
    scene.end("resolved")


def _asks_elsewhere(scene: Scene, concern: Concern, order: Order | None, via: str) -> None:
    """Repeat a question on another channel while the first is still open."""
    other = scene.rng.choice([way for way in OTHER_WAYS if way != via])
    scene.starts_again()
    scene.pause(1200, 14400)
    with Ticket(scene, other, concern.subject, concern.angry, about=order) as again:
        again.agent_says("I see that you have asked this before; we answer there.")
        again.solve()


def _opens_chat(scene: Scene) -> None:
    """Open the chat window in a browser, which the web site notices."""
    device = scene.person.desktop or scene.person.mobile
    if device and scene.chance(0.5):
        visit = Visit(scene, device, signed_in=True)
        visit.page("Help", "/help")
        scene.carries_on("conversation")
        visit.track("Live Chat Conversation Started", "support_chat", agent_name="Harbor Help")
        scene.carries_on("conversation")


def _score(scene: Scene, good: float) -> str | None:
    if not scene.chance(0.45):
        return None
    return "good" if scene.chance(good) else "bad"
