"""Visits to the web shop without a goal: most of its visits, and they buy nothing."""

from collections.abc import Sequence
from datetime import timedelta

from simulator.people import Person
from simulator.scene import OutOfTimeError, Scene
from simulator.stories.browsing import a_browser, arrive, looks_in
from simulator.world import World

DAYS_BETWEEN = 13
LEAVES_AT_ONCE = 0.6


def goes_window_shopping(world: World, person: Person, household: Sequence[Person]) -> None:
    """Let a person come by now and then, look at a page or a few, and leave."""
    rng = world.plan.rng("window shopping", person.number)
    pause = DAYS_BETWEEN / person.activity
    at = world.plan.first_morning + timedelta(days=rng.expovariate(1 / pause))
    while at < world.plan.until:
        try:
            scene = Scene(world, person, household, rng, at, None)
            scene.come_back(0, 1)
            _look(scene)
        except OutOfTimeError:
            return
        at += timedelta(days=rng.expovariate(1 / pause) + 0.1)


def _look(scene: Scene) -> None:
    visit = arrive(scene, a_browser(scene), signed_in=scene.chance(0.2))
    if not scene.chance(LEAVES_AT_ONCE):
        looks_in(visit, scene.world.catalogue.pick(scene.rng))
