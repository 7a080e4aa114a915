"""Audiences of another tool of the retailer: people are added, not always with consent, and removed again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from simulator.channels.post import email, sms
from simulator.people import Person
from simulator.scene import Scene
from simulator.world import World

# One in so many people is in the first audience, others in the second; every second one of the first is removed.
LETTERS, OFFERS = 7, 11
ADDED, REMOVED = "Audience Member Added", "Audience Member Removed"
DAYS_IN_IT = 14


def is_in_audiences(world: World, person: Person, household: Sequence[Person], at: datetime) -> None:
    """Send a person to their audience, if any."""
    scene = Scene(world, person, household, world.plan.rng("audiences", person.number), at, None)
    if person.number % LETTERS == 0:
        email(scene, ADDED, None, **_facts("weekly_readers", "webhook", person))
        later = at + timedelta(days=DAYS_IN_IT)
        if person.number % (2 * LETTERS) == 0 and later < world.plan.until - timedelta(hours=1):
            after = Scene(world, person, household, world.plan.rng("taken out", person.number), later, None)
            email(after, REMOVED, None, **_facts("weekly_readers", "webhook", person))
    elif person.number % OFFERS == 0 and person.phone:
        sms(scene, ADDED, None, **_facts("offers_by_text", "files", person))


def _facts(audience: str, destination: str, person: Person) -> dict[str, str]:
    purpose = "advertising" if destination == "files" else "marketing"
    facts = {"audience": audience, "destination": destination, "purpose": purpose}
    return facts | {"member_key": f"m-{person.number:x}", "consent_event_id": f"consent-{person.number:x}"}
