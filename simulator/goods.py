"""Carts and orders."""

from dataclasses import dataclass, field
from datetime import datetime

from simulator.catalogue import Product
from simulator.people import Member
from simulator.places import Country, Location


@dataclass
class Cart:
    """The content of an online cart."""

    cart_id: str
    lines: list[tuple[Product, int]] = field(default_factory=list)

    def cents(self, country: Country) -> int:
        """Return what it costs online, in cents of the country's currency."""
        return sum(product.online_price(country) * quantity for product, quantity in self.lines)


@dataclass
class Order:
    """A purchase on any channel; ``prices`` are per piece, in the order of ``lines``."""

    order_id: str
    channel: str
    lines: list[tuple[Product, int]]
    prices: list[int]
    currency: str
    total_cents: int
    placed_at: datetime
    cart_id: str | None = None
    place: Location | None = None
    fulfilled_on: str | None = None
    returned_cents: int = 0
    exchanged_cents: int = 0
    is_cancelled: bool = False
    is_numbered: bool = True
    card: Member | None = None

    @property
    def is_online(self) -> bool:
        """Whether it was ordered on a screen."""
        return self.channel in {"web", "app", "kiosk", "wearable"}

    def paid_cents(self, line: int) -> int:
        """Return what was paid for a line, without tax: its share of the total, which is after discounts."""
        listed = [price * quantity for price, (_, quantity) in zip(self.prices, self.lines, strict=True)]
        return listed[line] * self.total_cents // sum(listed)
