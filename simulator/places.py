"""Countries, cities, and the shops and kiosks of the retailer."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

HARBOR = "harbor"
MARKET = "harbor_market"


@dataclass(frozen=True)
class Country:
    """A country the retailer sells in; prices are the list price times ``price_factor``."""

    code: str
    currency: str
    price_factor: float
    tax_rate: float
    locale: str
    domain: str


US = Country("US", "USD", 1.0, 0.07, "en-US", "harbor.example")
GB = Country("GB", "GBP", 0.8, 0.0, "en-GB", "harbor.example")
# Its currency has no rate in the seed of exchange rates.
BM = Country("BM", "BMD", 1.2, 0.0, "en-BM", "harbor.example")


@dataclass(frozen=True)
class Location:
    """A shop or a kiosk, as in the store database."""

    location_id: str
    name: str
    kind: str
    banner: str
    timezone: str
    country: Country


@dataclass(frozen=True)
class City:
    """A city where people live, with the places of the retailer in it."""

    name: str
    timezone: str
    postcode: str
    country: Country
    shop: Location
    grocer: Location | None
    kiosk: Location | None

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(self.timezone)


_CITIES = (
    ("Portland", "America/Los_Angeles", "972", US, True, True),
    ("Seattle", "America/Los_Angeles", "981", US, True, False),
    ("Oakland", "America/Los_Angeles", "946", US, False, True),
    ("Denver", "America/Denver", "802", US, True, False),
    ("Phoenix", "America/Phoenix", "850", US, False, True),
    ("Chicago", "America/Chicago", "606", US, True, True),
    ("Houston", "America/Chicago", "770", US, True, False),
    ("Minneapolis", "America/Chicago", "554", US, False, False),
    ("New York", "America/New_York", "100", US, True, True),
    ("Boston", "America/New_York", "021", US, True, False),
    ("Atlanta", "America/New_York", "303", US, False, True),
    ("London", "Europe/London", "E1 ", GB, True, True),
    ("Leeds", "Europe/London", "LS1 ", GB, False, False),
    ("Hamilton", "Atlantic/Bermuda", "HM ", BM, False, False),
)


def _city(number: int, name: str, zone: str, postcode: str, land: Country, grocer: bool, kiosk: bool) -> City:
    shop = Location(f"L{number:02}", f"Harbor {name}", "store", HARBOR, zone, land)
    market = Location(f"M{number:02}", f"Harbor Market {name}", "store", MARKET, zone, land)
    screen = Location(f"K{number:02}", f"Harbor {name} kiosk", "kiosk", HARBOR, zone, land)
    return City(name, zone, postcode, land, shop, market if grocer else None, screen if kiosk else None)


CITIES = tuple(_city(number, *row) for number, row in enumerate(_CITIES, start=1))
US_CITIES = tuple(city for city in CITIES if city.country is US)
GB_CITIES = tuple(city for city in CITIES if city.country is GB)
BM_CITIES = tuple(city for city in CITIES if city.country is BM)
# For the last part of the simulated days this city's shop and grocer are closed for rebuilding; customers go to the
# next city.
_BY_NAME = {city.name: city for city in CITIES}
CLOSED, NEXT_TO_CLOSED = _BY_NAME["Boston"], _BY_NAME["New York"]
CLOSED_FROM = 0.7
# Its business day ends at two in the morning, by the seed `late_closing`.
OPEN_LATE = _BY_NAME["New York"].grocer
# Shops whose cashiers type the shop's phone number on receipts of customers who give none.
SHOPS_THAT_TYPE_THEIR_NUMBER = (_BY_NAME["Chicago"].shop, _BY_NAME["Denver"].shop)


def locations() -> list[Location]:
    """Return every shop and kiosk."""
    return [place for city in CITIES for place in (city.shop, city.grocer, city.kiosk) if place]
