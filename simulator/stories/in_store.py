"""Stories that begin or end in a store."""

from simulator.catalogue import PROMOTIONS
from simulator.channels.counter import call_in, hand_out, sell
from simulator.channels.post import email
from simulator.goods import Order
from simulator.journey import Journey
from simulator.places import HARBOR, MARKET, OPEN_LATE
from simulator.scene import OPEN, Scene
from simulator.stories.afterwards import after_any_order
from simulator.stories.browsing import a_browser, arrive, look_around
from simulator.stories.online import fill_cart

PROMOTION_SHARE = 0.15
LATE_EVENING = (22, 24)


def researches_online_buys_in_store(scene: Scene) -> None:
    """Look at a product online, in one session or two, and buy it in the store."""
    app = scene.person.app
    visit = arrive(scene, app if app and scene.chance(0.4) else a_browser(scene))
    wanted = scene.world.catalogue.pick(scene.rng)
    look_around(visit, wanted)
    if scene.chance(0.4):
        visit.sign_in()
    visit.track("Store Located", product_id=wanted.product_id, location_id=scene.shop.location_id)
    scene.carries_on("product_id")
    scene.come_back(4, 150, OPEN)
    bought(scene, sell(scene, scene.shop, [(wanted, 1)]))


def picks_up_in_store(scene: Scene) -> None:
    """Buy online or in the app, and pick it up in the store, or from the locker of its kiosk."""
    app = scene.person.app
    visit = arrive(scene, app if app and scene.chance(0.8) else a_browser(scene))
    wanted = scene.world.catalogue.pick(scene.rng)
    look_around(visit, wanted)
    cart = fill_cart(visit, wanted)
    visit.sign_in()
    visit.begin_checkout(cart)
    kiosk = scene.person.household.city.kiosk
    place = kiosk if kiosk and scene.chance(0.25) else scene.shop
    order = visit.pay(cart, pick_up_at=place)
    scene.end("converted", order.order_id, order.total_cents, order.currency)
    scene.carries_on("order_id")
    scene.come_back(6, 96, OPEN)
    hand_out(scene, order, place if place is kiosk else scene.shop)
    if place is not kiosk and scene.chance(0.3):
        scene.pause(60, 900)
        _buys_something_else(scene)
    after_any_order(scene, order)


def _buys_something_else(scene: Scene) -> None:
    """Buy something in the store where an order was just picked up: a goal of its own."""
    first, scene.journey = scene.journey, Journey(scene.person, "buys_something_else", "buy")
    sale = sell(scene, scene.shop, scene.world.catalogue.basket(scene.rng, HARBOR, 1))
    scene.end("converted", sale.order_id, sale.total_cents, sale.currency)
    scene.world.truth.journey(scene.journey.as_truth())
    scene.journey = first


def buys_in_store(scene: Scene) -> None:
    """Walk in and buy."""
    scene.come_back(0, 4, OPEN)
    if scene.chance(0.1):
        call_in(scene, scene.shop, "assisted_sale", notes="measured for size")
    bought(scene, sell(scene, scene.shop, scene.world.catalogue.basket(scene.rng, HARBOR, 3)))


def buys_groceries(scene: Scene) -> None:
    """Fill a basket at the grocer's, which is another banner of the same retailer."""
    grocer = scene.grocer or scene.shop
    scene.come_back(0, 4, LATE_EVENING if grocer is OPEN_LATE and scene.chance(0.3) else OPEN)
    if grocer is OPEN_LATE:
        scene.pause(0, 7000)
    banner = MARKET if scene.grocer else HARBOR
    bought(scene, sell(scene, grocer, scene.world.catalogue.basket(scene.rng, banner, 6)))


def follows_an_emailed_promotion(scene: Scene) -> None:
    """Read of a promotion, and use its coupon in the store or online."""
    offer = scene.rng.choice(PROMOTIONS)
    wanted = scene.world.catalogue.pick(scene.rng)
    email(scene, "Email Delivered", offer)
    scene.come_back(0.1, 30)
    email(scene, "Email Opened", offer, product_id=wanted.product_id)
    if scene.chance(0.75):
        scene.carries_on("product_id")
        scene.come_back(2, 90, OPEN)
        bought(scene, sell(scene, scene.shop, [(wanted, 1)], PROMOTION_SHARE))
        return
    email(scene, "Email Link Clicked", offer, product_id=wanted.product_id)
    scene.carries_on("coupon")
    visit = arrive(scene, a_browser(scene), signed_in=True)
    visit.view(wanted)
    cart = fill_cart(visit, wanted)
    visit.begin_checkout(cart)
    order = visit.pay(cart, offer=offer)
    scene.end("converted", order.order_id, order.total_cents, order.currency)


def bought(scene: Scene, order: Order) -> None:
    """End the journey with a sale in the store, part of which may be returned."""
    scene.end("converted", order.order_id, order.total_cents, order.currency)
    after_any_order(scene, order)
