"""Campaigns: newsletters, text and push messages, and responses to them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from simulator.audiences import is_in_audiences
from simulator.catalogue import PROMOTIONS
from simulator.channels.post import email, sms
from simulator.channels.shopping import ShopVisit
from simulator.devices import Device
from simulator.people import Person
from simulator.places import HARBOR, MARKET
from simulator.scene import OutOfTimeError, Scene
from simulator.world import World

SEND_HOUR = 14
PUSH_CAMPAIGN = "app-weekly"
DAYS_BETWEEN = 7
READS_EACH = 0.4
UNSUBSCRIBES = 0.036
PUSHES_EACH = 0.3
BOUNCES = 0.01
# The week in which the retailer first sends people to audiences.
AUDIENCES_FROM = 5


def gets_messages(world: World, person: Person, household: Sequence[Person]) -> None:
    """Send a person weekly letters until they unsubscribe, and sometimes even after that."""
    rng = world.plan.rng("letters", person.number)
    subscribed = person.wants_email
    sendings = _sendings(world)
    if len(sendings) > AUDIENCES_FROM:
        is_in_audiences(world, person, household, sendings[AUDIENCES_FROM])
    for sent_at in sendings:
        if subscribed and rng.random() < READS_EACH:
            scene = Scene(world, person, household, rng, sent_at, None)
            subscribed = _letter(scene)
            if not subscribed and scene.mishap("message_after_unsubscribe"):
                _unwanted_letter(world, person, household, sent_at)
        if person.wants_sms and person.phone and rng.random() < 0.08:
            _text_message(Scene(world, person, household, rng, sent_at, None))
        if person.app and rng.random() < PUSHES_EACH:
            _push_message(Scene(world, person, household, rng, sent_at, None), person.app)


def _sendings(world: World) -> list[datetime]:
    """Return the instants of the weekly sendings."""
    first = world.plan.start.replace(hour=SEND_HOUR, minute=0, second=0, microsecond=0)
    count = (world.plan.until - first) // timedelta(days=DAYS_BETWEEN) + 1
    instants = [first + timedelta(days=DAYS_BETWEEN * week) for week in range(count)]
    return [at for at in instants if world.plan.start <= at < world.plan.until - timedelta(hours=1)]


def _letter(scene: Scene) -> bool:
    """Deliver one letter; returns whether the person is still subscribed."""
    offer = PROMOTIONS[scene.now.toordinal() // DAYS_BETWEEN % len(PROMOTIONS)]
    scene.pause(0, 900)
    try:
        if scene.chance(BOUNCES):
            email(scene, "Email Bounced", offer)
            return True
        email(scene, "Email Delivered", offer)
        if scene.chance(0.3):
            scene.come_back(0.05, 40)
            email(scene, "Email Opened", offer)
            if scene.chance(0.1):
                email(scene, "Email Link Clicked", offer)
        if scene.chance(UNSUBSCRIBES):
            email(scene, "Unsubscribed", offer, affiliation=(HARBOR, MARKET)[scene.person.number % 2])
            return False
    except OutOfTimeError:
        return True
    return True


def _unwanted_letter(world: World, person: Person, household: Sequence[Person], last: datetime) -> None:
    """Deliver one more letter to someone who has unsubscribed."""
    at = last + timedelta(days=DAYS_BETWEEN * 2)
    if at < world.plan.until - timedelta(hours=1):
        rng = world.plan.rng("unwanted", person.number)
        email(Scene(world, person, household, rng, at, None), "Email Delivered", PROMOTIONS[0])


def _text_message(scene: Scene) -> None:
    sms(scene, "SMS Delivered", PROMOTIONS[0])
    if scene.chance(0.1):
        scene.pause(60, 3000)
        sms(scene, "SMS Link Clicked", PROMOTIONS[0])


def _push_message(scene: Scene, app: Device) -> None:
    visit = ShopVisit(scene, app, signed_in=True)
    visit.track("Push Notification Received", "push", inbound=False, campaign_id=PUSH_CAMPAIGN)
    if scene.chance(0.07):
        visit.track("Push Notification Tapped", "push", campaign_id=PUSH_CAMPAIGN)
        visit.track("Application Opened", from_background=True)
