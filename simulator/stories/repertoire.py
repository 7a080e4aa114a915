"""All stories with their frequency, goal and requirements."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.goods import Order
from simulator.people import Person
from simulator.scene import Scene
from simulator.stories import appointments, carts, gadgets, in_store, online, points, service


@dataclass(frozen=True)
class Story:
    """A story, its share among all, its goal, and who can live it."""

    live: Callable[[Scene], None]
    weight: int
    goal: str = "buy"
    suits: Callable[[Person], bool] = lambda person: True

    @property
    def name(self) -> str:
        """The story's name in the truth."""
        return self.live.__name__


@dataclass(frozen=True)
class ServiceStory:
    """A contact with support, and its share among all."""

    live: Callable[[Scene, Order | None], None]
    weight: int

    @property
    def name(self) -> str:
        """The story's name in the truth."""
        return self.live.__name__


def _has_app(person: Person) -> bool:
    return person.app is not None


def _has_watch(person: Person) -> bool:
    return person.watch is not None


def _has_tablet(person: Person) -> bool:
    return person.household.tablet is not None


def _has_handle(person: Person) -> bool:
    return bool(person.handles)


def _is_on_all_networks(person: Person) -> bool:
    return len(person.handles) > 1


def _has_kiosk_nearby(person: Person) -> bool:
    return person.household.city.kiosk is not None


def _has_grocer_nearby(person: Person) -> bool:
    return person.household.city.grocer is not None


def _is_regular(person: Person) -> bool:
    return person.is_regular


def _has_card(person: Person) -> bool:
    return bool(person.members)


def _has_card_and_app(person: Person) -> bool:
    return _has_card(person) and _has_app(person)


def _wants_email(person: Person) -> bool:
    return person.wants_email


STORIES = (
    Story(online.buys_online, 2),
    Story(online.only_looks, 20, "look"),
    Story(online.buys_in_app, 22, suits=_has_app),
    Story(online.family_tablet, 7, suits=_has_tablet),
    Story(carts.abandons_cart, 10),
    Story(carts.resumes_cart, 3, suits=_has_app),
    Story(carts.restarts_cart, 4, suits=_has_app),
    Story(in_store.researches_online_buys_in_store, 18),
    Story(in_store.picks_up_in_store, 3),
    Story(in_store.buys_in_store, 24),
    Story(in_store.buys_groceries, 24, suits=_has_grocer_nearby),
    Story(in_store.buys_groceries, 500, suits=_is_regular),
    Story(in_store.follows_an_emailed_promotion, 6, suits=_wants_email),
    Story(gadgets.sees_it_on_the_watch, 24, suits=_has_watch),
    Story(gadgets.asks_the_kiosk, 7, suits=_has_kiosk_nearby),
    Story(gadgets.talks_about_it, 3, suits=_has_handle),
    Story(gadgets.mentions_the_brand, 8, "say", suits=_has_handle),
    Story(gadgets.mentions_the_brand, 25, "say", suits=_is_on_all_networks),
    Story(appointments.books_a_fitting, 4, "book"),
    Story(appointments.applies_for_the_store_card, 6, "apply"),
    Story(points.redeems_points, 10, "redeem", suits=_has_card),
    Story(points.reloads_the_card, 4, "reload", suits=_has_card_and_app),
)
SERVICE_STORIES = (
    ServiceStory(service.asks_once, 45),
    ServiceStory(service.is_answered_by_the_bot, 15),
    ServiceStory(service.goes_on_by_phone, 15),
    ServiceStory(service.begins_again_by_phone, 13),
    ServiceStory(service.asks_again, 12),
)
