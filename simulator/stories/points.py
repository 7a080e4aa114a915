"""Points and money on the card, spent on any channel."""

from simulator.channels.counter import sell
from simulator.channels.loyalty import redeem, reload
from simulator.places import HARBOR
from simulator.scene import OPEN, Scene
from simulator.stories.browsing import arrive

POINTS_FOR_TEN_PERCENT = 40


def redeems_points(scene: Scene) -> None:
    """Look up the points in the app, and spend some; or spend them in the store while buying."""
    person = scene.person
    member = person.member_at(scene.now)
    if member is None or member.points < POINTS_FOR_TEN_PERCENT:
        return
    if person.app and scene.chance(0.5):
        visit = arrive(scene, person.app)
        visit.page("Rewards")
        redeem(scene, member, "app")
        visit.track("Reward Redeemed", loyalty_id=member.loyalty_id)
        scene.known_by("loyalty_id", member.loyalty_id)
        scene.end("done")
        return
    scene.come_back(0, 5, OPEN)
    redeem(scene, member, "store")
    order = sell(scene, scene.shop, scene.world.catalogue.basket(scene.rng, HARBOR, 2), 0.1)
    scene.end("converted", order.order_id, order.total_cents, order.currency)


def reloads_the_card(scene: Scene) -> None:
    """Put money on the card in the app."""
    person = scene.person
    member = person.member_at(scene.now)
    if member is None or person.app is None:
        return
    visit = arrive(scene, person.app)
    visit.page("Card")
    reload(scene, member, "app", scene.rng.choice((1000, 2500, 5000)))
    scene.end("done")
