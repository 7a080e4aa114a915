"""Carts across devices: continued, started over, or abandoned."""

from typing import Any

from simulator.channels.post import email
from simulator.channels.shopping import ShopVisit
from simulator.devices import Device
from simulator.goods import Cart
from simulator.scene import Scene
from simulator.stories.browsing import a_browser, arrive, look_around
from simulator.stories.online import fill_cart, finish


def resumes_cart(scene: Scene) -> None:
    """Fill a cart in the app; sign in at the desktop later, find it there, and buy it."""
    app, desktop = _app_and_desktop(scene)
    cart = _fill_on_the_way(scene, app)
    scene.carries_on("cart_id")
    scene.come_back(2, 60)
    visit = arrive(scene, desktop, signed_in=False)
    visit.sign_in()
    if scene.chance(0.3):
        extra = scene.world.catalogue.pick(scene.rng)
        visit.view(extra)
        visit.add(cart, extra)
    finish(visit, cart)


def restarts_cart(scene: Scene) -> None:
    """Fill a cart in the app; at the desktop it is not there, so begin again; some give up over it."""
    app, desktop = _app_and_desktop(scene)
    lost = _fill_on_the_way(scene, app)
    scene.starts_again()
    scene.come_back(2, 60)
    visit = arrive(scene, desktop, signed_in=True)
    wanted = lost.lines[0][0]
    visit.search(wanted.name.lower())
    visit.view(wanted)
    cart = fill_cart(visit, wanted)
    if scene.chance(0.55):
        finish(visit, cart)
    else:
        scene.end("abandoned")


def abandons_cart(scene: Scene) -> None:
    """Fill a cart and leave it; a reminder brings some people back."""
    device = a_browser(scene)
    visit = arrive(scene, device)
    wanted = scene.world.catalogue.pick(scene.rng)
    look_around(visit, wanted)
    cart = fill_cart(visit, wanted)
    if scene.chance(0.6):
        visit.sign_in()
    if scene.chance(0.5):
        visit.begin_checkout(cart)
    scene.end("abandoned")
    if visit.is_known and scene.person.wants_email:
        _is_reminded(scene, device, cart)


def _is_reminded(scene: Scene, device: Device, cart: Cart) -> None:
    scene.come_back(3, 26)
    carried: dict[str, Any] = {
        "cart_id": cart.cart_id,
        "product_id": cart.lines[0][0].product_id,
        "campaign_id": "cart-reminder",
    }
    email(scene, "Email Delivered", **carried)
    if not scene.chance(0.45):
        return
    scene.carries_on("cart_id")
    scene.come_back(0.2, 20)
    email(scene, "Email Opened", **carried)
    if not scene.chance(0.55):
        return
    email(scene, "Email Link Clicked", **carried)
    scene.carries_on("cart_id")
    app = scene.person.app
    if app and scene.chance(0.4):
        visit = ShopVisit(scene, app, signed_in=True)
        visit.track("Deep Link Opened", **carried)
    else:
        visit = ShopVisit(scene, device, signed_in=True)
        visit.page("Cart", "/cart")
    finish(visit, cart)


def _app_and_desktop(scene: Scene) -> tuple[Device, Device]:
    person = scene.person
    desktop = person.desktop or person.mobile
    if person.app is None or desktop is None:
        raise ValueError(f"{person.person_id} has no app, or no browser, for this story")
    return person.app, desktop


def _fill_on_the_way(scene: Scene, app: Device) -> Cart:
    visit = arrive(scene, app)
    wanted = scene.world.catalogue.pick(scene.rng)
    look_around(visit, wanted)
    return fill_cart(visit, wanted)
