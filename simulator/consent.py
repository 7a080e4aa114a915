"""Consent of people: on the website's banner, and to an agent."""

from simulator.scene import Scene

# One in so many people refuses tracking for a while, or all marketing, to an agent.
REFUSE_ANALYTICS, REFUSE_MARKETING = 6, 23
NO_MARKETING = "no_marketing"


def banner_choices(scene: Scene) -> dict[str, bool]:
    """Return the choices that the person's browser sends with every message."""
    person, plan = scene.person, scene.world.plan
    elapsed = (scene.now - plan.start) / (plan.until - plan.start)
    refuses = person.number % REFUSE_ANALYTICS == 0 and 0.3 <= elapsed < 0.6
    return {"Analytics": not refuses, "Advertising": person.wants_email}


def refuses_marketing(scene: Scene) -> bool:
    """Whether the person asks an agent to be left alone, who then tags the ticket."""
    return scene.person.number % REFUSE_MARKETING == 0
