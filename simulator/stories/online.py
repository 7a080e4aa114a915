"""Stories that stay online, with or without a purchase."""

from simulator.catalogue import PROMOTIONS, Product
from simulator.channels.shopping import ShopVisit, new_cart
from simulator.goods import Cart, Order
from simulator.places import HARBOR
from simulator.scene import Scene
from simulator.stories.afterwards import after_an_online_order
from simulator.stories.browsing import a_browser, arrive, look_around

# The app has another name for the promotion than the site.
APP_NAMES = {"autumn-letter": "Coat weeks"}


def buys_online(scene: Scene) -> None:
    """Look around in a browser, and buy, in one session or two."""
    device = a_browser(scene)
    visit = arrive(scene, device)
    wanted = scene.world.catalogue.pick(scene.rng)
    look_around(visit, wanted)
    if scene.chance(0.35):
        scene.come_back(5, 120)
        visit = arrive(scene, device)
        visit.view(wanted)
    cart = fill_cart(visit, wanted)
    finish(visit, cart)


def buys_in_app(scene: Scene) -> None:
    """Tap a push message, or just open the app, and buy there."""
    app = scene.person.app
    if app is None:
        return
    visit = ShopVisit(scene, app, signed_in=True)
    wanted = scene.world.catalogue.pick(scene.rng)
    if scene.chance(0.4):
        visit.track("Push Notification Received", "push", inbound=False, campaign_id="app-picks")
        scene.pause(20, 3000)
        visit.track("Push Notification Tapped", "push", campaign_id="app-picks", product_id=wanted.product_id)
        scene.carries_on("product_id")
    visit.track("Application Opened", from_background=True)
    visit.page("Home")
    if scene.chance(0.2):
        offer = scene.rng.choice(PROMOTIONS)
        visit.track("Promotion Viewed", promotion_id=offer.name, name=APP_NAMES.get(offer.name, offer.name))
    look_around(visit, wanted)
    cart = fill_cart(visit, wanted)
    finish(visit, cart)


def only_looks(scene: Scene) -> None:
    """Look around and leave; often nobody knows who it was."""
    visit = arrive(scene, a_browser(scene), signed_in=scene.chance(0.15))
    look_around(visit, scene.world.catalogue.pick(scene.rng))
    if scene.chance(0.3):
        scene.come_back(20, 200)
        look_around(arrive(scene, a_browser(scene)), scene.world.catalogue.pick(scene.rng))
    scene.end("abandoned")


def family_tablet(scene: Scene) -> None:
    """Share the tablet: one looks and signs in, and signs out for the next."""
    tablet = scene.person.household.tablet
    if tablet is None:
        return
    visit = arrive(scene, tablet, signed_in=False)
    wanted = scene.world.catalogue.pick(scene.rng)
    look_around(visit, wanted)
    visit.sign_in()
    visit.view(wanted)
    if scene.chance(0.2):
        finish(visit, fill_cart(visit, wanted))
    else:
        scene.end("abandoned")
    visit.sign_out()


def fill_cart(visit: ShopVisit, wanted: Product) -> Cart:
    """Put the wanted product into a new cart, and sometimes more."""
    scene = visit.scene
    cart = new_cart(scene)
    visit.add(cart, wanted, 1 if scene.chance(0.9) else 2)
    for product, quantity in scene.world.catalogue.basket(scene.rng, HARBOR, 2)[1:]:
        if product != wanted:
            visit.view(product)
            visit.add(cart, product, quantity)
    if len(cart.lines) > 1 and scene.chance(0.2):
        visit.remove(cart)
    return cart


def finish(visit: ShopVisit, cart: Cart) -> Order:
    """Check out and pay; the journey has reached its goal."""
    scene = visit.scene
    visit.view_cart(cart)
    visit.sign_in()
    visit.begin_checkout(cart)
    order = visit.pay(cart)
    scene.end("converted", order.order_id, order.total_cents, order.currency)
    after_an_online_order(visit, order)
    return order
