"""The people: households with one address and often more in common, and the traits of each person."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from simulator.contacts import email_address, gb_phone, us_phone
from simulator.devices import Device, browser, new_id, phone_app, watch
from simulator.identifiers import MISTYPED, OWN
from simulator.mess import Mishaps, misspelt
from simulator.names import names
from simulator.places import BM_CITIES, GB, GB_CITIES, US, US_CITIES, City
from simulator.plan import Plan

HOUSEHOLD_SIZES = (1, 2, 3, 4, 5)
HOUSEHOLD_WEIGHTS = (30, 36, 18, 12, 4)
HOUSEHOLDS_TO_A_BRITISH_ONE, HOUSEHOLDS_TO_A_BERMUDIAN_ONE = 8, 24
CLOSED_CARDS = 0.01
NETWORKS = ("instagram", "facebook", "tiktok", "x", "youtube", "pinterest")
LANGUAGES, LANGUAGE_WEIGHTS = ("en", "es", "de", "fr"), (88, 8, 2, 2)
# One person in so many works for the retailer, one in so many tests its sites; both are customers too.
STAFF_EVERY, TESTER_EVERY = 64, 128
# Of the people with a grocer in their city, one in so many shops there once or twice a week.
REGULAR_EVERY = 5
# One person in so many is on all social networks, and has linked one email address to all.
ON_ALL_NETWORKS_EVERY = 50


@dataclass
class Member:
    """A loyalty card; names and email are as the cashier typed them."""

    member_id: str
    loyalty_id: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    enrolled_at: datetime
    points: int = 0
    stored_cents: int = 0
    closed_at: datetime | None = None

    def is_held_at(self, at: datetime) -> bool:
        """Return whether the card exists at an instant."""
        return self.enrolled_at <= at and (self.closed_at is None or at < self.closed_at)

    def identifiers(self, person: "Person") -> list[tuple[str, str, str]]:
        """Return the identifiers in the card's row: kind, normalised value, status."""
        found = [("member_id", self.member_id, OWN), ("loyalty_id", self.loyalty_id, OWN)]
        if self.email:
            value = self.email.strip().lower()
            found.append(("email", value, OWN if value in person.emails else MISTYPED))
        if self.phone:
            found.append(("phone", self.phone, OWN))
        return found


@dataclass
class Household:
    """People at one address, with what they share."""

    number: int
    last_name: str
    address: str
    postcode: str
    city: City
    ip: str
    landline: str | None = None
    tablet: Device | None = None
    payment_token: str | None = None

    @property
    def postal_address(self) -> dict[str, str]:
        """The address in the form of Segment's trait `address`."""
        return {"street": self.address, "city": self.city.name, "postalCode": self.postcode}


@dataclass
class Person:
    """One person: how to reach them, what they own, and what they like to do."""

    number: int
    household: Household
    first_name: str
    last_name: str
    birth_date: date
    email: str
    work_email: str | None
    phone: str | None
    payment_token: str
    user_id: str | None
    members: list[Member] = field(default_factory=list)
    handles: list[tuple[str, str]] = field(default_factory=list)
    desktop: Device | None = None
    mobile: Device | None = None
    app: Device | None = None
    watch: Device | None = None
    activity: float = 1.0
    language: str = "en"
    is_staff: bool = False
    is_tester: bool = False
    is_regular: bool = False
    wants_email: bool = False
    wants_sms: bool = False
    support_users: dict[str, int] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)

    def next_number(self, kind: str) -> int:
        """Return the next number of the person's orders, tickets and so on, for ids; from 1."""
        self.numbers[kind] += 1
        return self.numbers[kind]

    @property
    def person_id(self) -> str:
        """The true id of the person, which no record contains."""
        return f"p-{self.number:07}"

    def phone_given(self, rng: Random) -> str | None:
        """Return the number that the person gives, sometimes the household's."""
        if self.household.landline and rng.random() < 0.4:
            return self.household.landline
        return self.phone

    @property
    def emails(self) -> set[str]:
        """All true email addresses of the person."""
        return {self.email} | ({self.work_email} if self.work_email else set())

    @property
    def is_internal(self) -> bool:
        """Whether the person belongs to the retailer; figures exclude them."""
        return self.is_staff or self.is_tester

    @property
    def full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def country_code(self) -> str:
        """Where the person lives."""
        return self.household.city.country.code

    def member_at(self, at: datetime) -> Member | None:
        """Return the card the person would show at an instant: the newest one, if any yet."""
        held = [member for member in self.members if member.is_held_at(at)]
        return held[-1] if held else None


def households(plan: Plan, mishaps: Mishaps) -> Iterator[list[Person]]:
    """Yield the people, a household at a time, without keeping them in memory."""
    number = household_number = 0
    while number < plan.people:
        rng = plan.rng("household", household_number)
        size = min(rng.choices(HOUSEHOLD_SIZES, HOUSEHOLD_WEIGHTS)[0], plan.people - number)
        home = _household(household_number, size, rng, mishaps)
        yield [_person(number + index, index, home, plan, mishaps) for index in range(size)]
        number += size
        household_number += 1


def _household(number: int, size: int, rng: Random, mishaps: Mishaps) -> Household:
    city = rng.choice(_cities(number))
    ip = f"203.0.113.{rng.randrange(1, 255)}" if rng.random() < 0.5 else f"198.51.100.{rng.randrange(1, 255)}"
    code = f"{rng.randrange(10, 99)}" if city.country is not GB else f"{rng.randrange(1, 9)}AB"
    home = Household(
        number,
        last_name=rng.choice(names("last_names")),
        address=f"{rng.randrange(1, 400)} {rng.choice(names('streets'))} Street",
        postcode=city.postcode + code,
        city=city,
        ip=ip,
    )
    if size > 1:
        if mishaps.happens("shared_tablet", rng):
            home.tablet = browser("tablet", rng, ip)
            home.tablet.is_shared = True
        if mishaps.happens("shared_landline", rng):
            home.landline = us_phone(number, landline=True) if city.country is US else None
        if mishaps.happens("shared_payment_card", rng):
            home.payment_token = f"card-{rng.getrandbits(56):014x}"
    return home


def _cities(household: int) -> Sequence[City]:
    if household % HOUSEHOLDS_TO_A_BRITISH_ONE == 5:
        return GB_CITIES
    return BM_CITIES if household % HOUSEHOLDS_TO_A_BERMUDIAN_ONE == 3 else US_CITIES


def _mobile_number(number: int, index: int, home: Household) -> str | None:
    if home.city.country is US:
        return us_phone(number)
    return (
        gb_phone(home.number // HOUSEHOLDS_TO_A_BRITISH_ONE * HOUSEHOLD_SIZES[-1] + index)
        if home.city.country is GB
        else None
    )


def _person(number: int, index: int, home: Household, plan: Plan, mishaps: Mishaps) -> Person:
    rng = plan.rng("person", number)
    first = rng.choice(names("first_names"))
    last = home.last_name if rng.random() < 0.85 else rng.choice(names("last_names"))
    person = Person(
        number,
        home,
        first,
        last,
        birth_date=date(1942, 1, 1) + timedelta(days=rng.randrange(66 * 365)),
        email=email_address(first, last, number, rng),
        work_email=f"{first.lower()}{number}@northwind.example" if rng.random() < 0.15 else None,
        phone=_mobile_number(number, index, home) if rng.random() < 0.85 else None,
        payment_token=home.payment_token or f"card-{rng.getrandbits(56):014x}",
        user_id=f"u-{rng.getrandbits(24):06x}{number:x}" if rng.random() < 0.75 else None,
        handles=_handles(first, number, rng) if rng.random() < 0.25 else [],
        activity=rng.choices((0.5, 1.0, 2.2), (45, 38, 17))[0],
        wants_email=rng.random() < 0.7,
        wants_sms=rng.random() < 0.3,
    )
    _give_devices(person, plan, rng, mishaps)
    _work_and_habits(person, plan)
    if rng.random() < 0.55 or person.is_staff:
        _enrol(person, plan, rng, mishaps)
    return person


def _work_and_habits(person: Person, plan: Plan) -> None:
    """Choose who works for the retailer, who buys groceries there, and who speaks which language."""
    rng = plan.rng("habits", person.number)
    person.is_staff = person.number % STAFF_EVERY == 13
    person.is_tester = person.number % TESTER_EVERY == 21
    person.is_regular = person.household.city.grocer is not None and person.number % REGULAR_EVERY == 4
    if person.is_tester:
        person.user_id = f"qa-{person.number:x}"
    if person.number % ON_ALL_NETWORKS_EVERY == 7:
        person.handles = [(network, f"@{person.first_name.lower()}{person.number}") for network in NETWORKS]
    person.language = rng.choices(LANGUAGES, LANGUAGE_WEIGHTS)[0]


def _give_devices(person: Person, plan: Plan, rng: Random, mishaps: Mishaps) -> None:
    ip = person.household.ip
    person.desktop = browser("desktop", rng, ip) if rng.random() < 0.75 else None
    person.mobile = browser("mobile", rng, ip) if person.desktop is None or rng.random() < 0.6 else None
    if person.user_id and rng.random() < 0.65:
        person.app = phone_app(rng, ip)
        person.app.has_local_clock = mishaps.happens("local_offset", rng)
        person.app.writes_amounts_as_text = mishaps.happens("amount_as_text", rng)
    if person.app and rng.random() < 0.12:
        person.watch = watch(rng, ip)
    for device in (person.desktop, person.mobile):
        if device and mishaps.happens("lost_cookie", rng):
            device.renewed_at = plan.start + timedelta(days=plan.days * rng.uniform(0.3, 0.7))
            device.next_anonymous_id = new_id(rng)


def _handles(first: str, number: int, rng: Random) -> list[tuple[str, str]]:
    return [(rng.choice(NETWORKS), f"@{first.lower()}{rng.choice(('_', '.', ''))}{number}")]


def _enrol(person: Person, plan: Plan, rng: Random, mishaps: Mishaps) -> None:
    """Give the person a loyalty card, or two; the name on it is as the cashier typed it."""
    new = rng.random() < 0.15
    days_ago = rng.uniform(0, plan.days) if new else plan.days + rng.uniform(10, 1200)
    person.members.append(_member(person, 0, plan.until - timedelta(days=days_ago), rng, mishaps))
    if rng.random() < CLOSED_CARDS:
        person.members[0].closed_at = plan.until - timedelta(days=plan.days * rng.uniform(0.05, 0.5))
    if mishaps.happens("double_enrolment", rng):
        again = plan.until - timedelta(days=rng.uniform(0, plan.days))
        second = _member(person, 1, max(again, person.members[0].enrolled_at), rng, mishaps)
        second.email = person.work_email
        if second.first_name == person.first_name:
            second.first_name = misspelt(person.first_name, rng)
        person.members.append(second)


def _member(person: Person, nth: int, enrolled_at: datetime, rng: Random, mishaps: Mishaps) -> Member:
    email = mishaps.email_as_typed(person.email, rng) if rng.random() < 0.8 else None
    return Member(
        member_id=f"M{person.number:07}{'' if nth == 0 else 'B'}",
        loyalty_id=f"LOY-{rng.getrandbits(20):05X}{person.number:X}{'' if nth == 0 else 'B'}",
        first_name=mishaps.name_as_typed(person.first_name, rng),
        last_name=mishaps.name_as_typed(person.last_name, rng),
        email=email,
        phone=person.phone_given(rng) if rng.random() < 0.75 else None,
        enrolled_at=enrolled_at.replace(microsecond=0),
    )
