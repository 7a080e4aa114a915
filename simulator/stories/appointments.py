"""Bookings and applications: begun on a screen, continued on another, completed there or in a store."""

from typing import Any

from simulator.channels.counter import call_in, sell
from simulator.channels.post import email
from simulator.channels.shopping import ShopVisit
from simulator.places import MARKET, Location
from simulator.plan import amount
from simulator.scene import OPEN, Scene
from simulator.stories.afterwards import after_any_order
from simulator.stories.browsing import a_browser, arrive

# What can be booked at a shop, and at a grocer's, for how many cents of a dollar.
AT_THE_SHOP = (("fitting", 2500), ("personal-stylist", 6000))
AT_THE_GROCER = (("cooking-class", 4500),)
STORE_CARD, MARKET_CARD = "store-card", "market-card"
YEARLY_FEE_CENTS = 1900


def books_a_fitting(scene: Scene) -> None:
    """Book a fitting or a class, at once or in two goes, come to it, and often buy; or give up, or cancel."""
    city = scene.person.household.city
    is_class = scene.grocer is not None and scene.chance(0.3)
    place = _place(scene, is_class)
    service, cents = scene.rng.choice(AT_THE_GROCER if is_class else AT_THE_SHOP)
    fee = round(cents * city.country.price_factor)
    booking_id = f"B{scene.person.number:07}-{scene.person.next_number('booking')}"
    scene.has("booking_id", booking_id)
    booked: dict[str, Any] = {
        "booking_id": booking_id,
        "location_id": place.location_id,
        "product_id": service,
        "affiliation": place.banner,
    }
    app = scene.person.app
    visit = arrive(scene, app if app and scene.chance(0.5) else a_browser(scene))
    visit.sign_in()
    visit.track("Booking Started", **booked)
    visit.track("Booking Step Completed", step=1, **booked)
    if scene.chance(0.4):
        scene.carries_on("booking_id")
        scene.come_back(3, 50)
        visit = arrive(scene, app if app and scene.chance(0.6) else a_browser(scene))
        visit.sign_in()
        visit.track("Booking Step Completed", step=2, **booked)
    if scene.chance(0.2):
        scene.end("abandoned")
        return
    visit.track("Booking Step Completed", step=3, **booked)
    if not visit.is_known:
        visit.leave_email()
    currency = visit.country.currency
    visit.track("Booking Completed", **booked, revenue=amount(fee), currency=currency)
    scene.end("converted", booking_id, fee, currency)
    if scene.chance(0.25):
        scene.come_back(5, 40)
        visit = arrive(scene, app if app and scene.chance(0.5) else a_browser(scene))
        visit.sign_in()
        visit.track("Booking Cancelled", **booked)
        return
    scene.carries_on("booking_id")
    scene.come_back(24, 150, OPEN)
    place = _place(scene, is_class)
    call_in(scene, place, "check_in", context_key="booking_id", context_id=booking_id)
    if scene.chance(0.6):
        scene.pause(900, 3000)
        wanted = scene.world.catalogue.pick(scene.rng, place.banner)
        after_any_order(scene, sell(scene, place, [(wanted, 1)]))


def applies_for_the_store_card(scene: Scene) -> None:
    """Begin an application on a screen, go on in the app, hand it in there or at the store; some give up."""
    person = scene.person
    is_grocers = scene.grocer is not None and scene.chance(0.3)
    place, card = _place(scene, is_grocers), MARKET_CARD if is_grocers else STORE_CARD
    application_id = f"A{person.number:07}-{person.next_number('application')}"
    scene.has("application_id", application_id)
    about: dict[str, Any] = {
        "application_id": application_id,
        "product_id": card,
        "affiliation": place.banner,
    }
    begins_in_app = person.app is not None and scene.chance(0.3)
    visit = arrive(scene, person.app if person.app and begins_in_app else a_browser(scene), signed_in=False)
    visit.sign_in()
    visit.track("Application Started", **about)
    for step in range(1, scene.rng.randint(2, 4)):
        visit.track("Application Step Completed", step=step, **about)
    if person.app and not begins_in_app and scene.chance(0.6):
        scene.carries_on("application_id")
        scene.come_back(4, 60)
        visit = arrive(scene, person.app)
        visit.track("Application Step Completed", step=3, **about)
    if scene.chance(0.35):
        scene.end("abandoned")
        return
    if scene.chance(0.4):
        _submits_on_screen(scene, visit, about)
    else:
        scene.carries_on("application_id")
        scene.come_back(10, 120, OPEN)
        place = _place(scene, is_grocers)
        key = {"context_key": "application_id", "context_id": application_id}
        call_in(scene, place, "appointment", **key, event="Application Submitted")
        scene.end("converted", application_id)
    _is_decided(scene, visit, about)


def _place(scene: Scene, is_grocers: bool) -> Location:
    return scene.grocer if scene.grocer and is_grocers else scene.shop


def _submits_on_screen(scene: Scene, visit: ShopVisit, about: dict[str, Any]) -> None:
    """Hand in the application, and pay the yearly fee of the store card; that of the grocer's is free."""
    country = visit.country
    fee = round(YEARLY_FEE_CENTS * country.price_factor) if about["affiliation"] != MARKET else 0
    if not visit.is_known:
        visit.leave_email()
    visit.track("Application Submitted", revenue=amount(fee), currency=country.currency, **about)
    scene.end("converted", about["application_id"], fee, country.currency)


def _is_decided(scene: Scene, visit: ShopVisit, about: dict[str, Any]) -> None:
    """Get the decision by email some days later, or withdraw before that."""
    way = scene.rng.random()
    if way < 0.1:
        return
    scene.come_back(30, 150)
    if way < 0.18:
        again = arrive(scene, visit.device)
        again.sign_in()
        again.track("Application Withdrawn", **about)
        return
    email(scene, "Application Approved" if way < 0.85 else "Application Declined", **about)
