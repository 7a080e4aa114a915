"""The store: sales, pick-ups, returns and visits, as in the point-of-sale database."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from simulator.catalogue import Product
from simulator.channels.loyalty import earn, spend, take_points_back
from simulator.contacts import phone_as_typed, shop_phone
from simulator.goods import Order
from simulator.identifiers import MISTYPED, OWN, PLACEHOLDER
from simulator.mess import PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES
from simulator.people import Member
from simulator.places import SHOPS_THAT_TYPE_THEIR_NUMBER, Location
from simulator.plan import amount, to_the_second
from simulator.scene import Scene

Lines = Sequence[tuple[Product, int]]


@dataclass
class Shown:
    """The identifiers that a customer gave in the store."""

    columns: dict[str, Any] = field(default_factory=dict)
    member: Member | None = None


def sell(scene: Scene, place: Location, lines: Lines, discount_share: float = 0.0) -> Order:
    """Sell in the store, at its prices."""
    country = place.country
    prices = [product.store_price(country) for product, _ in lines]
    off = [round(price * n * discount_share) for price, (_, n) in zip(prices, lines, strict=True)]
    subtotal = sum(price * n for price, (_, n) in zip(prices, lines, strict=True))
    shown = make_known(scene)
    if place in SHOPS_THAT_TYPE_THEIR_NUMBER and "customer_phone" not in shown.columns:
        _type_the_shops_number(scene, shown, place)
    transaction_id = _transaction(scene, place, "sale", shown, subtotal, sum(off))
    order = Order(
        transaction_id,
        "store",
        list(lines),
        prices,
        country.currency,
        subtotal - sum(off),
        scene.now,
        place=place,
        fulfilled_on="store",
    )
    for number, (product, quantity) in enumerate(lines, start=1):
        _line(scene, transaction_id, number, product, quantity, prices[number - 1], off[number - 1])
    earn(scene, order, shown.member)
    if shown.member:
        spend(scene, shown.member, order)
    scene.orders.append(order)
    return order


def hand_out(scene: Scene, order: Order, place: Location) -> None:
    """Hand an online order over in the store."""
    _transaction(scene, place, "pickup", make_known(scene), 0, 0, order_id=order.order_id)
    order.fulfilled_on = place.kind


def take_back(scene: Scene, order: Order, place: Location) -> None:
    """Take one line of an order or sale back in the store, for the paid price."""
    at = scene.rng.randrange(len(order.lines))
    (product, quantity), price = order.lines[at], order.prices[at]
    paid = order.paid_cents(at)
    off = paid - price * quantity
    own, sold_as = _receipt(order)
    if scene.mishap("no_receipt"):
        own, sold_as = {}, None
    shown = make_known(scene)
    transaction_id = _transaction(scene, place, "return", shown, -price * quantity, off, **own)
    _line(scene, transaction_id, 1, product, -quantity, price, off, returned_transaction_id=sold_as)
    if own or sold_as:
        take_points_back(scene, order, transaction_id, paid)
    order.returned_cents += paid


def exchange(scene: Scene, order: Order, place: Location, wanted: Product | None) -> None:
    """Exchange one line of an order or sale for another product, or by default for another size."""
    at = scene.rng.randrange(len(order.lines))
    (product, quantity), price = order.lines[at], order.prices[at]
    paid = order.paid_cents(at)
    price_of_new = wanted.store_price(place.country) if wanted else price
    new = price_of_new * quantity if wanted else paid
    off_old, off_new = paid - price * quantity, price_of_new * quantity - new
    own, sold_as = _receipt(order)
    shown = make_known(scene)
    subtotal = (price_of_new - price) * quantity
    transaction_id = _transaction(scene, place, "exchange", shown, subtotal, off_new + off_old, **own)
    _line(scene, transaction_id, 1, product, -quantity, price, off_old, returned_transaction_id=sold_as)
    _line(scene, transaction_id, 2, wanted or product, quantity, price_of_new, off_new)
    order.returned_cents += max(paid - new, 0)
    order.exchanged_cents += max(new - paid, 0)


def _receipt(order: Order) -> tuple[dict[str, str], str | None]:
    """Return the columns of a transaction that reference the changed order, and the sale of its line."""
    return ({"order_id": order.order_id}, None) if order.is_online else ({}, order.order_id)


def call_in(scene: Scene, place: Location, kind: str, **columns: Any) -> str:
    """Write a visit for something other than buying; return its id."""
    visit_id = f"V{scene.person.number:07}-{scene.person.next_number('visit')}"
    known = make_known(scene).columns
    contact = {
        "member_id": known.get("member_id"),
        "email": known.get("customer_email"),
        "phone": known.get("customer_phone"),
    }
    row = {"visit_id": visit_id, "location_id": place.location_id, "kind": kind} | contact
    row["employee_id"] = f"S{scene.rng.randrange(1, 9):02}"
    scene.row("store_visits", visit_id, place.kind, **(row | columns))
    return visit_id


def make_known(scene: Scene) -> Shown:
    """Show a card, say an email address or a phone number, or nothing; pay by card or in cash."""
    shown = Shown()
    if scene.chance(0.75):
        shown.columns["payment_token"] = scene.person.payment_token
        scene.known_by("payment_token", scene.person.payment_token)
    member = scene.person.member_at(scene.now)
    if member and scene.chance(0.85):
        _show_card(scene, shown, member)
    elif scene.chance(0.35):
        _say_email(scene, shown)
    elif scene.chance(0.2):
        _say_phone(scene, shown)
    elif scene.mishap("placeholder_contact"):
        _pass_the_screen(scene, shown)
    return shown


def _show_card(scene: Scene, shown: Shown, member: Member) -> None:
    others = [other for person in scene.household if person is not scene.person for other in person.members]
    lent = [other for other in others if other.is_held_at(scene.now)]
    if lent and scene.mishap("lent_card"):
        shown.member = scene.rng.choice(lent)
    else:
        shown.member = member
    scene.known_by("member_id", shown.member.member_id)
    shown.columns["member_id"] = shown.member.member_id


def _say_email(scene: Scene, shown: Shown) -> None:
    typed = scene.world.mishaps.email_as_typed(scene.person.email, scene.rng)
    shown.columns["customer_email"] = typed
    value = typed.strip().lower()
    scene.known_by("email", value, OWN if value == scene.person.email else MISTYPED)


def _say_phone(scene: Scene, shown: Shown) -> None:
    phone = scene.person.phone_given(scene.rng)
    if phone:
        shown.columns["customer_phone"] = phone_as_typed(phone, scene.rng)
        scene.known_by("phone", phone)


def _pass_the_screen(scene: Scene, shown: Shown) -> None:
    """Type a synthetic contact, as a cashier does whose screen requires one."""
    kind, column, values = scene.rng.choice(
        (
            ("email", "customer_email", PLACEHOLDER_EMAILS),
            ("phone", "customer_phone", PLACEHOLDER_PHONES),
        )
    )
    shown.columns[column] = scene.rng.choice(values)
    scene.world.truth.everybodys(kind, shown.columns[column], PLACEHOLDER)


def _type_the_shops_number(scene: Scene, shown: Shown, place: Location) -> None:
    if scene.mishap("shop_phone"):
        shown.columns["customer_phone"] = shop_phone(SHOPS_THAT_TYPE_THEIR_NUMBER.index(place))
        scene.world.truth.everybodys("phone", shown.columns["customer_phone"], PLACEHOLDER)


def _transaction(
    scene: Scene, place: Location, kind: str, shown: Shown, subtotal: int, discount: int, **columns: Any
) -> str:
    """Write one transaction as a step of the journey, and return its id."""
    transaction_id = f"T{scene.person.number:07}-{scene.person.next_number('transaction')}"
    tax = round((subtotal - discount) * place.country.tax_rate)
    row: dict[str, Any] = {
        "transaction_id": transaction_id,
        "location_id": place.location_id,
        "register_id": f"{place.location_id}-R{scene.rng.randrange(1, 5)}",
        "kind": kind,
        "currency": place.country.currency,
        "subtotal": amount(subtotal),
        "discount": amount(discount),
        "tax": amount(tax),
        "total": amount(subtotal - discount + tax),
    }
    if scene.mishap("late_store_row"):
        changed = scene.now + timedelta(hours=scene.rng.uniform(5, 240))
        row["updated_at"] = to_the_second(min(changed, scene.world.plan.until - timedelta(seconds=1)))
    scene.has("transaction_id", transaction_id)
    scene.row("transactions", transaction_id, place.kind, **(row | shown.columns | columns))
    return transaction_id


def _line(
    scene: Scene,
    transaction_id: str,
    number: int,
    product: Product,
    quantity: int,
    price: int,
    discount: int,
    returned_transaction_id: str | None = None,
) -> None:
    scene.world.store.add(
        "transaction_lines",
        transaction_id=transaction_id,
        line_number=number,
        product_id=product.product_id,
        quantity=quantity,
        unit_price=amount(price),
        discount=amount(discount),
        returned_transaction_id=returned_transaction_id,
        updated_at=to_the_second(scene.now),
    )
    scene.left("store", "store_transaction_lines", f"{transaction_id}:{number}")
