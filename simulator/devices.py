"""Devices, and the identifiers and user agents that they send."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from simulator.places import Location

_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0"
_BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0"
USER_AGENTS = {
    "desktop": (
        f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_BLINK} Safari/537.36",
        f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Safari/605.1.15",
        "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    ),
    "mobile": (
        f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) {_WEBKIT} Mobile/15E148 Safari/604.1",
        f"Mozilla/5.0 (Linux; Android 10; K) {_BLINK} Mobile Safari/537.36",
    ),
    "tablet": (f"Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) {_WEBKIT} Safari/604.1",),
}
_PHONES = (
    ("ios", "iOS", "26.0", "iPhone17,1"),
    ("android", "Android", "16", "Pixel 9"),
    ("android", "Android", "15", "SM-S921B"),
)


@dataclass
class Device:
    """A browser, an app on a phone, a watch or a kiosk, with the context of its messages.

    A browser that loses its cookies at ``renewed_at`` continues as ``next_anonymous_id``.
    """

    source: str
    channel: str
    anonymous_id: str
    device_id: str | None = None
    advertising_id: str | None = None
    user_agent: str | None = None
    type: str | None = None
    os: tuple[str, str] | None = None
    model: str | None = None
    ip: str | None = None
    is_shared: bool = False
    has_local_clock: bool = False
    writes_amounts_as_text: bool = False
    renewed_at: datetime | None = None
    next_anonymous_id: str | None = None

    def anonymous_id_at(self, at: datetime) -> str:
        """Return the anonymous id in use at an instant."""
        if self.renewed_at and self.next_anonymous_id and at >= self.renewed_at:
            return self.next_anonymous_id
        return self.anonymous_id


def new_id(rng: Random) -> str:
    """Draw a random UUID."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def browser(kind: str, rng: Random, ip: str) -> Device:
    """Make a browser on a ``desktop``, ``mobile`` or ``tablet``."""
    return Device("web", "web", new_id(rng), user_agent=rng.choice(USER_AGENTS[kind]), type=kind, ip=ip)


def phone_app(rng: Random, ip: str) -> Device:
    """Make the retailer's app on a phone; not everyone lets it see the advertising id."""
    kind, system, version, model = rng.choice(_PHONES)
    tracked = rng.random() < 0.5
    return Device(
        "app",
        "app",
        anonymous_id=new_id(rng),
        device_id=new_id(rng).upper() if kind == "ios" else f"{rng.getrandbits(64):016x}",
        advertising_id=new_id(rng) if tracked else None,
        type=kind,
        os=(system, version),
        model=model,
        ip=ip,
    )


def watch(rng: Random, ip: str) -> Device:
    """Make the retailer's app on a watch."""
    return Device(
        "app",
        "wearable",
        anonymous_id=new_id(rng),
        device_id=f"watch-{rng.getrandbits(48):012x}",
        type="wearable",
        os=("watchOS", "12.0"),
        model="Watch7,1",
        ip=ip,
    )


def kiosk(place: Location, rng: Random) -> Device:
    """Make one use of a shop's kiosk: the screen is the same for everybody, the anonymous id is new."""
    return Device(
        "web",
        "kiosk",
        anonymous_id=new_id(rng),
        device_id=f"kiosk-{place.location_id}",
        user_agent="CheckoutKiosk/1.2",
        type="kiosk",
        is_shared=True,
    )
