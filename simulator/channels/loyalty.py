"""Points: earned on any channel, spent on any channel, kept in one ledger."""

from typing import Any

from simulator.goods import Order
from simulator.people import Member
from simulator.plan import amount
from simulator.scene import Scene

CENTS_A_POINT = 100


def earn(scene: Scene, order: Order, member: Member | None = None) -> None:
    """Book the points of an order on the card shown, or else on the person's own, if there is one."""
    member = member or scene.person.member_at(scene.now)
    points = order.total_cents // CENTS_A_POINT
    if member is None or points <= 0:
        return
    key = "order_id" if order.is_online else "transaction_id"
    book(scene, member, points, None, {"kind": "earn", "channel": order.channel, key: order.order_id})


def redeem(scene: Scene, member: Member, channel: str) -> int:
    """Spend half of the points, and return how many."""
    points = member.points // 2
    book(scene, member, -points, channel, {"kind": "redeem", "channel": channel})
    return points


def reload(scene: Scene, member: Member, channel: str, cents: int) -> None:
    """Put money on the card."""
    currency = scene.person.household.city.country.currency
    money = {"amount": amount(cents), "currency": currency}
    book(scene, member, 0, channel, {"kind": "reload", "channel": channel} | money)


def book(scene: Scene, member: Member, points: int, step_on: str | None, columns: dict[str, Any]) -> None:
    """Write one entry of the ledger; ``step_on`` is the channel where it is a step of the journey."""
    member.points += points
    entry_id = f"E{scene.person.number:07}-{scene.person.next_number('entry')}"
    key = {"entry_id": entry_id, "member_id": member.member_id, "points": points}
    scene.row("loyalty_ledger", entry_id, step_on, **key, **columns)
