"""Products, campaigns and service staff of the retailer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate, product
from random import Random

from simulator.mess import Mishaps
from simulator.places import BM, HARBOR, MARKET, US, Country
from simulator.plan import Plan

_GOODS: dict[tuple[str, str], tuple[str, str, int, int]] = {
    (HARBOR, "coats"): (
        "Rain Coat,Parka,Wool Coat,Trench Coat",
        "Harbor,Pine,Coastal,Alpine,City",
        9900,
        24900,
    ),
    (HARBOR, "shoes"): (
        "Running Shoes,Ankle Boots,Sandals,Trainers",
        "Trail,Street,Harbor,Light",
        4900,
        15900,
    ),
    (HARBOR, "knitwear"): ("Cardigan,Jumper,Scarf,Beanie", "Merino,Cotton,Cable,Soft", 1900, 8900),
    (HARBOR, "home"): ("Mug,Table Lamp,Cushion,Throw,Vase", "Stone,Linen,Oak,Speckled", 1200, 11900),
    (HARBOR, "outdoor"): ("Backpack,Tent,Camp Chair,Bottle", "Ridge,Summit,Lake,Day", 1900, 29900),
    (HARBOR, "electronics"): ("Speaker,Headphones,Smart Lamp,E-Reader", "Mini,Studio,Home", 3900, 34900),
    (MARKET, "pantry"): ("Granola,Olive Oil,Pasta,Honey,Tea", "Organic,Classic,Family", 300, 1500),
    (MARKET, "fresh"): ("Apples,Bread,Cheese,Yoghurt", "Farm,Daily", 200, 1100),
    (MARKET, "household"): ("Soap,Candles,Napkins", "Green,Gentle", 300, 1900),
}


@dataclass(frozen=True)
class Product:
    """Something sold, with its list price in cents of a dollar, online and in the store."""

    product_id: str
    name: str
    category: str
    banner: str
    online_cents: int
    store_cents: int

    def online_price(self, country: Country) -> int:
        """Return the web and app price, in cents of the country's currency."""
        return round(self.online_cents * country.price_factor)

    def store_price(self, country: Country) -> int:
        """Return the price in stores, in cents of the country's currency."""
        return round(self.store_cents * country.price_factor)


@dataclass(frozen=True)
class Campaign:
    """A campaign, as it is tagged in links and in ad spend."""

    name: str
    channel: str
    source: str
    medium: str
    daily_spend_cents: int
    coupon: str | None = None
    currency: str = US.currency
    flight: tuple[float, float] = (0.0, 1.0)

    def runs_at(self, plan: Plan, at: datetime) -> bool:
        """Return whether the campaign runs at an instant; its flight is a part of the simulated days."""
        first, last = (plan.start + timedelta(days=round(plan.days * share)) for share in self.flight)
        return first <= at < last


@dataclass(frozen=True)
class Agent:
    """A person or bot that answers customers."""

    user_id: int
    name: str
    is_bot: bool = False


CAMPAIGNS = (
    Campaign("autumn-coats", "paid", "google", "cpc", 9000, flight=(0.2, 1.0)),
    Campaign("brand-search", "paid", "google", "cpc", 4500),
    Campaign("home-refresh", "paid", "facebook", "paid_social", 6000, flight=(0.0, 0.75)),
    Campaign("style-creators", "affiliate", "styleblog", "affiliate", 2500),
    Campaign("deal-hunters", "affiliate", "dealsite", "affiliate", 1800),
    Campaign("island-days", "affiliate", "islandguide", "affiliate", 400, currency=BM.currency),
    Campaign("autumn-letter", "email", "newsletter", "email", 300, coupon="AUTUMN15"),
    Campaign("market-weekly", "email", "newsletter", "email", 200, coupon="FRESH10"),
)
ADVERTISED = tuple(campaign for campaign in CAMPAIGNS if campaign.channel in {"paid", "affiliate"})
PROMOTIONS = tuple(campaign for campaign in CAMPAIGNS if campaign.coupon)

_AGENT_NAMES = (
    "Ada Nwosu",
    "Bram de Vries",
    "Celia Marsh",
    "Dev Anand",
    "Edda Lind",
    "Farid Aziz",
    "Gwen Pryce",
    "Hiro Mori",
    "Inez Soler",
    "Jon Ekker",
)
AGENTS = tuple(Agent(9001 + number, name) for number, name in enumerate(_AGENT_NAMES))
BOT = Agent(9100, "Piney Bot", is_bot=True)


class Catalogue:
    """All products; some sell far better than others."""

    def __init__(self, plan: Plan, mishaps: Mishaps) -> None:
        rng = plan.rng("catalogue")
        self.products = [
            _product(number, rng, mishaps, *place) for number, place in enumerate(_shelf(), start=1)
        ]
        rng.shuffle(self.products)
        self._by_banner = {banner: _Shelf(self._of(banner)) for banner in (HARBOR, MARKET)}

    def pick(self, rng: Random, banner: str = HARBOR) -> Product:
        """Pick one product, popular ones more often."""
        return self._by_banner[banner].pick(rng)

    def basket(self, rng: Random, banner: str, most: int) -> list[tuple[Product, int]]:
        """Pick one to ``most`` different products, with quantities."""
        picked = {product.product_id: product for product in self._by_banner[banner].several(rng, most)}
        return [(product, 1 if rng.random() < 0.85 else 2) for product in picked.values()]

    def _of(self, banner: str) -> list[Product]:
        return [product for product in self.products if product.banner == banner]


class _Shelf:
    """Products in order of popularity."""

    def __init__(self, products: Sequence[Product]) -> None:
        self._products = products
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(len(products))))

    def pick(self, rng: Random) -> Product:
        return self.several(rng, 1)[0]

    def several(self, rng: Random, most: int) -> list[Product]:
        return rng.choices(self._products, cum_weights=self._weights, k=rng.randint(1, most))


def _shelf() -> list[tuple[str, str, str, int, int]]:
    return [
        (banner, category, f"{style} {thing}", low, high)
        for (banner, category), (things, styles, low, high) in _GOODS.items()
        for thing, style in product(things.split(","), styles.split(","))
    ]


def _product(
    number: int, rng: Random, mishaps: Mishaps, banner: str, category: str, name: str, low: int, high: int
) -> Product:
    online = rng.randrange(low, high, 100) + 99
    dearer = mishaps.happens("price_difference", rng)
    store = online + max(100, online * rng.randint(8, 25) // 100 // 100 * 100) if dearer else online
    prefix = "hb" if banner == HARBOR else "hm"
    return Product(f"{prefix}-{number:03}", name, category, banner, online, store)
