"""The first steps that many stories share: device, arrival, browsing."""

from typing import Any

from simulator.catalogue import ADVERTISED, PROMOTIONS, Campaign, Product
from simulator.channels.shopping import ShopVisit
from simulator.channels.visits import SEARCH_APP_REFERRER, SEARCH_REFERRER
from simulator.devices import Device
from simulator.phrases import SEARCHES
from simulator.scene import Scene

OUTSIDE_SITES = ("https://www.styleblog.example/autumn", "https://forum.example/thread/88")


def a_browser(scene: Scene) -> Device:
    """Pick a browser: the family's tablet, the desktop, or the phone's; everybody has at least one."""
    person = scene.person
    if person.household.tablet and scene.chance(0.45):
        return person.household.tablet
    own = [device for device in (person.desktop, person.mobile) if device]
    return scene.rng.choice(own)


def arrive(scene: Scene, device: Device, *, signed_in: bool | None = None) -> ShopVisit:
    """Arrive at the shop: by an advertisement, a search, a link, or directly."""
    known = scene.chance(0.45) if signed_in is None else signed_in
    if device.source == "app":
        visit = ShopVisit(scene, device, signed_in=True if signed_in is None else signed_in)
        if scene.person.next_number("app session") == 1 and scene.chance(0.3):
            visit.track("Application Installed", version="5.12.0")
        visit.track("Application Opened", from_background=scene.chance(0.5))
        visit.is_shown_a_variant()
        return visit
    campaign: Campaign | None = None
    referrer = None
    way = scene.rng.random()
    if way < 0.22:
        running = [one for one in ADVERTISED if one.runs_at(scene.world.plan, scene.now)]
        campaign = scene.rng.choice(running)
        referrer = (
            f"https://www.{campaign.source}.example/" if campaign.source != "google" else SEARCH_REFERRER
        )
    elif way < 0.45:
        is_searched_in_an_app = device.type == "mobile" and scene.chance(0.3)
        referrer = SEARCH_APP_REFERRER if is_searched_in_an_app else SEARCH_REFERRER
    elif way < 0.52:
        referrer = scene.rng.choice(OUTSIDE_SITES)
    visit = ShopVisit(scene, device, signed_in=known, campaign=campaign, referrer=referrer)
    visit.page("Home", "/")
    visit.is_shown_a_variant()
    return visit


def looks_in(visit: ShopVisit, wanted: Product) -> None:
    """Look at an offer or a list, and at a product or none."""
    scene = visit.scene
    if scene.chance(0.15):
        offer = scene.rng.choice(PROMOTIONS)
        shown: dict[str, Any] = {"promotion_id": offer.name, "name": offer.name}
        visit.track("Promotion Viewed", **shown)
        if scene.chance(0.3):
            visit.track("Promotion Clicked", **shown)
    elif scene.chance(0.5):
        visit.track("Product List Viewed", category=wanted.category)
    else:
        visit.search(scene.rng.choice(SEARCHES[wanted.category]))
    if scene.chance(0.6):
        visit.view(wanted)


def look_around(visit: ShopVisit, wanted: Product) -> None:
    """Look for one product, and at some others on the way."""
    scene = visit.scene
    if scene.chance(0.4):
        visit.search(scene.rng.choice(SEARCHES[wanted.category]))
    elif scene.chance(0.5):
        visit.track("Product List Viewed", category=wanted.category)
    for _ in range(scene.rng.randrange(0, 3)):
        visit.view(scene.world.catalogue.pick(scene.rng, wanted.banner))
    visit.view(wanted)
    if scene.chance(0.06):
        visit.track("Product Shared", product_id=wanted.product_id, share_via="message")
    if scene.chance(0.08):
        visit.track("Product Added to Wishlist", product_id=wanted.product_id)
    if scene.chance(0.1):
        is_current = visit.device.source == "web"
        guide: dict[str, Any] = {"content_id": "size-guide", "content_version": "3" if is_current else "2"}
        visit.track("Size Guide Opened", product_id=wanted.product_id, **guide)
