"""The survey after an order: how likely people are to recommend the retailer."""

from simulator.channels.post import email
from simulator.goods import Order
from simulator.scene import Scene

ASKED, ANSWERS = 0.12, 0.5
HAPPY_WEIGHTS = (1, 0, 1, 1, 2, 4, 6, 14, 24, 26, 30)
UNHAPPY_WEIGHTS = (14, 10, 14, 14, 12, 14, 10, 7, 4, 2, 1)


def likely_to_recommend(scene: Scene, is_happy: bool) -> int:
    """Return an answer from 0 to 10."""
    return scene.rng.choices(range(11), HAPPY_WEIGHTS if is_happy else UNHAPPY_WEIGHTS)[0]


def maybe_surveyed(scene: Scene, order: Order) -> None:
    """Be asked by email how likely one is to recommend the retailer, some days after an order, and perhaps answer."""
    if not order.is_numbered or not scene.person.wants_email or not scene.chance(ASKED):
        return
    scene.come_back(60, 150)
    email(scene, "Survey Sent", order_id=order.order_id)
    if scene.chance(ANSWERS):
        scene.carries_on("order_id")
        scene.come_back(0.2, 40)
        answer = likely_to_recommend(scene, scene.chance(0.8))
        email(scene, "Survey Completed", order_id=order.order_id, nps=answer)
