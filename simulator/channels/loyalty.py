"""Points: earned on any channel, spent on any channel, kept in one ledger."""

from typing import Any

from simulator.goods import Order
from simulator.people import Member
from simulator.plan import amount
from simulator.scene import Scene

CENTS_A_POINT = 100


def earn(scene: Scene, order: Order, member: Member | None = None) -> None:
    """Book the points of an order on the shown card, or else on the person's own, if there is one."""
    member = member or scene.person.member_at(scene.now)
    points = order.total_cents // CENTS_A_POINT
    if member is None or points <= 0:
        return
    key = "order_id" if order.is_online else "transaction_id"
    order.card = member
    book(scene, member, points, None, {"kind": "earn", "channel": order.channel, key: order.order_id})


def take_points_back(scene: Scene, order: Order, transaction_id: str, cents: int) -> None:
    """Reverse the points of goods that are returned in the store."""
    if order.card and cents >= CENTS_A_POINT:
        key = {"kind": "reverse", "channel": "store", "transaction_id": transaction_id}
        book(scene, order.card, -(cents // CENTS_A_POINT), None, key)


def spend(scene: Scene, member: Member, order: Order) -> None:
    """Pay for a sale with the money on the card, as far as possible."""
    cents = min(member.stored_cents, order.total_cents)
    if cents > 0:
        member.stored_cents -= cents
        money = {"amount": amount(cents), "currency": order.currency}
        key = {"kind": "spend", "channel": "store", "transaction_id": order.order_id}
        book(scene, member, 0, None, key | money)


def redeem(scene: Scene, member: Member, channel: str) -> int:
    """Spend most of the points, and return how many; sometimes the register books it twice."""
    points = member.points * 3 // 4
    book(scene, member, -points, channel, {"kind": "redeem", "channel": channel})
    if scene.mishap("redeemed_twice"):
        book(scene, member, -points, channel, {"kind": "redeem", "channel": channel})
    return points


def reload(scene: Scene, member: Member, channel: str, cents: int) -> None:
    """Put money on the card."""
    currency = scene.person.household.city.country.currency
    money = {"amount": amount(cents), "currency": currency}
    member.stored_cents += cents
    book(scene, member, 0, channel, {"kind": "reload", "channel": channel} | money)


def book(scene: Scene, member: Member, points: int, step_on: str | None, columns: dict[str, Any]) -> None:
    """Write one entry of the ledger; ``step_on`` is the channel if it is a step of the journey."""
    member.points += points
    entry_id = f"E{scene.person.number:07}-{scene.person.next_number('entry')}"
    key = {"entry_id": entry_id, "member_id": member.member_id, "points": points}
    scene.row("loyalty_ledger", entry_id, step_on, **key, **columns)
