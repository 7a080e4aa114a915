"""What follows a purchase: cancellations, refunds, returns, reviews."""

from typing import Any

from simulator.channels.counter import exchange, take_back
from simulator.channels.shopping import ShopVisit
from simulator.goods import Order
from simulator.phrases import REVIEWS
from simulator.phrases_abroad import BLAME, PRAISE
from simulator.places import US, Location
from simulator.plan import amount
from simulator.scene import OPEN, Scene
from simulator.surveys import maybe_surveyed


def after_an_online_order(visit: ShopVisit, order: Order) -> None:
    """Cancel it, send part of it back for a refund, bring part of it to the store, or review it."""
    scene = visit.scene
    if not order.is_numbered:
        return
    if scene.mishap("cancelled_order"):
        scene.pause(120, 3000)
        order.is_cancelled = True
        order.returned_cents = order.total_cents
        visit.track("Order Cancelled", **_money(order, order.total_cents))
    elif scene.mishap("refunded_order"):
        scene.come_back(96, 336)
        cents = order.prices[0]
        order.returned_cents = min(cents, order.total_cents)
        visit.track("Order Refunded", inbound=False, **_refund(scene, order))
    else:
        after_any_order(scene, order)
        if scene.chance(0.08):
            _reviews(scene, visit, order)


def after_any_order(scene: Scene, order: Order) -> None:
    """Bring part of it back to the store, some days later, or exchange it; be asked how it was; or nothing."""
    if scene.mishap("returned_in_store"):
        _goes_back(scene, order)
        take_back(scene, order, _counter_for(scene, order))
    elif scene.mishap("exchanged_in_store"):
        _goes_back(scene, order)
        place = _counter_for(scene, order)
        other = scene.world.catalogue.pick(scene.rng, place.banner) if scene.chance(0.6) else None
        exchange(scene, order, place, other)
    else:
        maybe_surveyed(scene, order)


def _goes_back(scene: Scene, order: Order) -> None:
    if order.is_online:
        scene.carries_on("order_id")
    scene.come_back(48, 400, OPEN)


def _counter_for(scene: Scene, order: Order) -> Location:
    """Return the location of the return: where the goods were sold, if the person still goes there, or the shop."""
    sold_at = order.place
    return sold_at if sold_at and sold_at in (scene.shop, scene.grocer) else scene.shop


def _reviews(scene: Scene, visit: ShopVisit, order: Order) -> None:
    scene.come_back(48, 300)
    product, _ = order.lines[0]
    stars = scene.rng.randint(1, 5)
    text = REVIEWS[-1] if stars < 3 else scene.rng.choice(REVIEWS[:-1])
    if scene.person.language in PRAISE:
        text = scene.rng.choice((BLAME if stars < 3 else PRAISE)[scene.person.language])
    again = ShopVisit(scene, visit.device, signed_in=True)
    again.track("Product Reviewed", product_id=product.product_id, rating=stars, review_body=text)


def _refund(scene: Scene, order: Order) -> dict[str, Any]:
    """Return the amounts in the message of a refund, correct or not."""
    stated = _money(order, order.returned_cents)
    if order.currency != US.currency and scene.mishap("refund_in_dollars"):
        stated["currency"] = US.currency
    if scene.mishap("unreadable_refund"):
        stated |= {"value": "as agreed", "total": "as agreed"}
        del stated["products"]
    return stated


def _money(order: Order, cents: int) -> dict[str, Any]:
    product, quantity = order.lines[0]
    return {
        "order_id": order.order_id,
        "value": amount(cents),
        "total": amount(cents),
        "currency": order.currency,
        "products": [
            {"product_id": product.product_id, "price": amount(order.prices[0]), "quantity": quantity}
        ],
    }
