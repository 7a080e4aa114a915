"""Stories with a watch, a kiosk or a social network."""

from simulator import phrases_abroad
from simulator.channels.counter import sell
from simulator.channels.post import social
from simulator.channels.shopping import ShopVisit, new_cart
from simulator.devices import kiosk
from simulator.phrases import BLAME, PRAISE, QUESTIONS, REPLIES
from simulator.scene import OPEN, Scene
from simulator.stories.browsing import a_browser, arrive
from simulator.stories.in_store import bought
from simulator.stories.online import fill_cart, finish

BUYS_ON_THE_WATCH = 0.25


def sees_it_on_the_watch(scene: Scene) -> None:
    """Glance at an offer on the watch, and buy it there or on the phone."""
    person = scene.person
    if person.watch is None or person.app is None:
        return
    wanted = scene.world.catalogue.pick(scene.rng)
    glance = ShopVisit(scene, person.watch, signed_in=scene.chance(0.5))
    glance.view(wanted)
    glance.sign_in()
    if scene.chance(BUYS_ON_THE_WATCH):
        cart = new_cart(scene)
        glance.add(cart, wanted)
        finish(glance, cart)
        return
    scene.carries_on("product_id")
    scene.come_back(0.1, 30)
    visit = arrive(scene, person.app)
    visit.view(wanted)
    finish(visit, fill_cart(visit, wanted))


def asks_the_kiosk(scene: Scene) -> None:
    """Look a product up at the store's kiosk, and buy it in the store, or on the phone at home."""
    city = scene.person.household.city
    if city.kiosk is None:
        return
    wanted = scene.world.catalogue.pick(scene.rng)
    scene.come_back(0, 4, OPEN)
    look = ShopVisit(scene, kiosk(city.kiosk, scene.rng))
    if scene.chance(0.5):
        look.show_card()
    look.track("Kiosk Session Started", location_id=city.kiosk.location_id)
    look.search(wanted.name.lower())
    look.view(wanted)
    scene.carries_on("product_id")
    if scene.chance(0.6):
        scene.pause(120, 1200)
        bought(scene, sell(scene, scene.shop, [(wanted, 1)]))
        return
    scene.come_back(3, 50)
    visit = arrive(scene, scene.person.app or a_browser(scene))
    visit.view(wanted)
    finish(visit, fill_cart(visit, wanted))


def talks_about_it(scene: Scene) -> None:
    """Ask about a product on a social network, buy it on the web, and say what it is like."""
    wanted = scene.world.catalogue.pick(scene.rng)
    social(scene, "Social Post Engaged", scene.rng.choice(QUESTIONS), product_id=wanted.product_id)
    scene.carries_on("product_id")
    scene.come_back(1, 80)
    visit = arrive(scene, a_browser(scene))
    visit.view(wanted)
    order = finish(visit, fill_cart(visit, wanted))
    if order.is_numbered and scene.chance(0.6):
        scene.carries_on("order_id")
        scene.come_back(24, 200)
        happy = scene.chance(0.75)
        said = _says(scene, happy)
        social(scene, "Social Message Received", said, order_id=order.order_id)
        scene.pause(600, 9000)
        social(scene, "Social Message Sent", REPLIES[0 if happy else -1], order_id=order.order_id)


def mentions_the_brand(scene: Scene) -> None:
    """Say something about the brand, with no order in mind."""
    said = _says(scene, scene.chance(0.6))
    for account in scene.person.handles:
        social(scene, "Social Mention", said, account)
    scene.end("done")


def _says(scene: Scene, happy: bool) -> str:
    language = scene.person.language
    if language in phrases_abroad.PRAISE:
        return scene.rng.choice((phrases_abroad.PRAISE if happy else phrases_abroad.BLAME)[language])
    return scene.rng.choice(PRAISE if happy else BLAME)
