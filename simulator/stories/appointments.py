"""Bookings and applications: begun on a screen, completed where people meet."""

from typing import Any

from simulator.channels.counter import call_in, sell
from simulator.scene import OPEN, Scene
from simulator.stories.afterwards import after_any_order
from simulator.stories.browsing import a_browser, arrive

FITTING_FEE_CENTS = 2500


def books_a_fitting(scene: Scene) -> None:
    """Book a fitting on the web or in the app, come to it, and often buy."""
    shop = scene.person.household.city.shop
    visit = arrive(scene, scene.person.app or a_browser(scene))
    wanted = scene.world.catalogue.pick(scene.rng)
    visit.view(wanted)
    visit.sign_in()
    booking_id = f"B{scene.person.number:07}-{scene.person.next_number('booking')}"
    scene.has("booking_id", booking_id)
    currency = visit.country.currency
    booked: dict[str, Any] = {
        "booking_id": booking_id,
        "location_id": shop.location_id,
        "product_id": wanted.product_id,
    }
    if not visit.is_known:
        visit.leave_email()
    visit.track("Booking Completed", **booked, revenue=FITTING_FEE_CENTS / 100, currency=currency)
    scene.end("converted", booking_id, FITTING_FEE_CENTS, currency)
    scene.carries_on("booking_id")
    scene.come_back(24, 150, OPEN)
    call_in(scene, shop, "check_in", context_key="booking_id", context_id=booking_id)
    if scene.chance(0.6):
        scene.pause(900, 3000)
        after_any_order(scene, sell(scene, shop, [(wanted, 1)]))


def applies_for_the_store_card(scene: Scene) -> None:
    """Begin an application on the web, go on in the app, and hand it in at the store; some give up."""
    person = scene.person
    application_id = f"A{person.number:07}-{person.next_number('application')}"
    scene.has("application_id", application_id)
    visit = arrive(scene, a_browser(scene), signed_in=False)
    visit.sign_in()
    visit.track("Application Started", application_id=application_id, product_id="store-card")
    if person.app and scene.chance(0.6):
        scene.carries_on("application_id")
        scene.come_back(4, 60)
        visit = arrive(scene, person.app)
        visit.track("Application Step Completed", application_id=application_id, step=2)
    if scene.chance(0.35):
        scene.end("abandoned")
        return
    scene.carries_on("application_id")
    scene.come_back(10, 120, OPEN)
    key = {"context_key": "application_id", "context_id": application_id}
    call_in(scene, person.household.city.shop, "appointment", **key, event="Application Submitted")
    scene.end("converted", application_id)
