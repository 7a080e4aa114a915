"""Simulates the people of a household, story after story."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random

from simulator.contacts import phone_as_typed
from simulator.goods import Order
from simulator.journey import Journey
from simulator.newsletters import gets_messages
from simulator.people import Member, Person
from simulator.plan import to_the_second
from simulator.scene import OutOfTimeError, Scene
from simulator.stories.repertoire import SERVICE_STORIES, STORIES
from simulator.window_shopping import goes_window_shopping
from simulator.world import World

DAYS_A_STORY, DAYS_A_STORY_OF_REGULARS = 29, 4
SERVICE_AFTER_ORDER = 0.14
SERVICE_OUT_OF_THE_BLUE = 0.03
SERVICE_WHEN_ANNOYED = 0.4
CALM_WAIT_DAYS, ANNOYED_WAIT_DAYS = (0.3, 6), (0.05, 1)
TIERS = {0.5: "green", 1.0: "silver", 2.2: "gold"}
STAFF_TIER = "staff"
# After a purchase some people leave for good, more of them if something annoyed them.
LEAVES_CALM, LEAVES_ANNOYED = 0.12, 0.3


def live(world: World, household: Sequence[Person]) -> None:
    """Simulate everyone of one household, and write the truth about them."""
    world.truth.household(list(household))
    for person in household:
        for member in person.members:
            _write_member(world, person, member)
    for person in household:
        _live(world, person, household)
        gets_messages(world, person, household)
        goes_window_shopping(world, person, household)
    world.truth.end_of_household()


def _live(world: World, person: Person, household: Sequence[Person]) -> None:
    """Run one story after the other: the next goal begins when the last is reached or given up."""
    rng, leaving = world.plan.rng("life", person.number), world.plan.rng("leaving", person.number)
    suited = [story for story in STORIES if story.suits(person)]
    weights = [story.weight for story in suited]
    pause = DAYS_A_STORY_OF_REGULARS if person.is_regular else DAYS_A_STORY / person.activity
    now = world.plan.first_morning + timedelta(days=rng.uniform(0, pause))
    while now < world.plan.until:
        story = rng.choices(suited, weights)[0]
        at = _waking_moment(now, person, rng)
        orders, now, is_annoyed = _play(world, person, household, rng, at, story.name, story.goal, story.live)
        days = ANNOYED_WAIT_DAYS if is_annoyed else CALM_WAIT_DAYS
        seeks_service = SERVICE_AFTER_ORDER if orders else SERVICE_OUT_OF_THE_BLUE
        if rng.random() < (SERVICE_WHEN_ANNOYED if is_annoyed else seeks_service):
            after = now + timedelta(days=rng.uniform(*days))
            now = max(now, _seek_service(world, person, household, rng, after, orders))
        if orders and leaving.random() < (LEAVES_ANNOYED if is_annoyed else LEAVES_CALM):
            return
        now += timedelta(days=rng.expovariate(1 / pause) + 0.5)


def _seek_service(
    world: World,
    person: Person,
    household: Sequence[Person],
    rng: Random,
    after: datetime,
    orders: list[Order],
) -> datetime:
    """Contact the service desk about the last order, or about something else."""
    story = rng.choices(SERVICE_STORIES, [story.weight for story in SERVICE_STORIES])[0]
    order = orders[-1] if orders and orders[-1].is_numbered else None
    at = _waking_moment(after, person, rng)
    _, end, _ = _play(
        world, person, household, rng, at, story.name, "get help", lambda scene: story.live(scene, order)
    )
    return end


def _play(
    world: World,
    person: Person,
    household: Sequence[Person],
    rng: Random,
    start: datetime,
    name: str,
    goal: str,
    story: Callable[[Scene], None],
) -> tuple[list[Order], datetime, bool]:
    """Run one story to its end, or to the end of the simulated days.

    Return its orders, its last instant, and whether something in it annoyed the person.
    """
    if start >= world.plan.until - timedelta(minutes=5):
        return [], world.plan.until, False
    journey = Journey(person, name, goal)
    scene = Scene(world, person, household, rng, start, journey)
    try:
        story(scene)
    except OutOfTimeError:
        scene.now = world.plan.until
    if journey.has_begun:
        world.truth.journey(journey.as_truth())
    for order in scene.orders:
        world.truth.order(person, order)
    return scene.orders, scene.now, scene.is_annoyed


def _waking_moment(after: datetime, person: Person, rng: Random) -> datetime:
    """Return an instant soon after, at which the person is awake; most are in the evening."""
    local = after.astimezone(person.household.city.zone)
    hour = rng.choices(range(7, 23), (2, 3, 3, 3, 3, 5, 5, 3, 3, 4, 5, 7, 9, 9, 7, 4))[0]
    hours_to_go = (hour - local.hour) % 24
    return after + timedelta(hours=hours_to_go, minutes=rng.randrange(60), seconds=rng.randrange(60))


def _write_member(world: World, person: Person, member: Member) -> None:
    """Write the row of a loyalty card, and the truth about it."""
    enrolled_at = to_the_second(member.enrolled_at)
    closed_at = to_the_second(member.closed_at) if member.closed_at else None
    world.store.add(
        "members",
        member_id=member.member_id,
        loyalty_id=member.loyalty_id,
        first_name=member.first_name,
        last_name=member.last_name,
        email=member.email,
        phone=phone_as_typed(member.phone, world.plan.rng("card", member.member_id))
        if member.phone
        else None,
        birth_date=person.birth_date.isoformat(),
        postcode=person.household.postcode,
        tier=STAFF_TIER if person.is_staff else TIERS[person.activity],
        enrolled_at=enrolled_at,
        consent_email=person.wants_email,
        consent_sms=person.wants_sms,
        updated_at=closed_at or enrolled_at,
        deleted_at=closed_at,
    )
    truth = world.truth
    truth.record("store", "store_members", member.member_id, member.enrolled_at, person.person_id, None)
    for kind, value, status in member.identifiers(person):
        truth.identifier(kind, value, person, status)
