"""What follows a purchase and belongs to it: second thoughts, refunds, returns, reviews."""

from typing import Any

from simulator.channels.counter import take_back
from simulator.channels.shopping import ShopVisit
from simulator.goods import Order
from simulator.phrases import REVIEWS
from simulator.plan import amount
from simulator.scene import OPEN, Scene


def after_an_online_order(visit: ShopVisit, order: Order) -> None:
    """Cancel it, send part of it back for a refund, bring part of it to the store, or review it."""
    scene = visit.scene
    if scene.mishap("cancelled_order"):
        scene.pause(120, 3000)
        order.is_cancelled = True
        order.returned_cents = order.total_cents
        visit.track("Order Cancelled", **_money(order, order.total_cents))
    elif scene.mishap("refunded_order"):
        scene.come_back(96, 336)
        cents = order.prices[0]
        order.returned_cents = min(cents, order.total_cents)
        visit.track("Order Refunded", inbound=False, **_money(order, order.returned_cents))
    else:
        after_any_order(scene, order)
        if scene.chance(0.08):
            scene.come_back(48, 300)
            product, _ = order.lines[0]
            stars = scene.rng.randint(1, 5)
            text = REVIEWS[-1] if stars < 3 else scene.rng.choice(REVIEWS[:-1])
            again = ShopVisit(scene, visit.device, signed_in=True)
            again.track("Product Reviewed", product_id=product.product_id, rating=stars, review_body=text)


def after_any_order(scene: Scene, order: Order) -> None:
    """Bring part of it back to the store, some days later; or nothing."""
    if not scene.mishap("returned_in_store"):
        return
    if order.is_online:
        scene.carries_on("order_id")
    scene.come_back(48, 400, OPEN)
    take_back(scene, order, order.place or scene.person.household.city.shop)


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
