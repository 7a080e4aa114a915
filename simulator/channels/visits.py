"""Sessions in a browser, an app, on a watch or at a kiosk, as Segment messages."""

from datetime import datetime, timedelta
from typing import Any

from simulator.catalogue import Campaign
from simulator.consent import banner_choices
from simulator.devices import Device, new_id
from simulator.experiments import experiment_on
from simulator.identifiers import PUBLIC
from simulator.plan import to_the_millisecond
from simulator.scene import Scene

LIBRARIES = {"web": ("analytics.js", "2.11.1"), "app": ("analytics-mobile", "4.2.0")}
SEARCH_REFERRER = "https://www.google.com/"
SEARCH_APP_REFERRER = "android-app://com.google.android.googlequicksearchbox/"
# Testers open pages of the next release from a folder.
TESTED_PAGES = "file:///srv/harbor"
# The share of account holders whose account has their postal address.
GIVES_ADDRESS = 0.8
# The share of people who move, and the part of the simulated days after which they do.
MOVES_OUT, MOVED_AFTER = 0.2, 0.6


class Visit:
    """One session of the scene's person on one device.

    ``signed_in``: whether the device is still signed in from last time; otherwise the session is anonymous until
    ``sign_in``.
    """

    def __init__(
        self,
        scene: Scene,
        device: Device,
        *,
        signed_in: bool = False,
        campaign: Campaign | None = None,
        referrer: str | None = None,
        traits: dict[str, str] | None = None,
    ) -> None:
        self.scene = scene
        self.device = device
        self.country = scene.person.household.city.country
        self._anonymous_id = device.anonymous_id_at(scene.now)
        self._user_id = scene.person.user_id if signed_in and not device.is_shared else None
        self._path = "/"
        self._delay = timedelta(0)
        if device.channel != "kiosk" and scene.mishap("late_session"):
            self._delay = timedelta(hours=scene.rng.uniform(24, 144))
        self._context = self._device_context()
        self._landing = self._landing_context(campaign, referrer)
        if traits:
            self._context["traits"] = traits
        self._record_identifiers()

    @property
    def _site(self) -> str:
        return TESTED_PAGES if self.scene.person.is_tester else f"https://{self.country.domain}"

    @property
    def is_known(self) -> bool:
        """Whether messages carry the person's user id."""
        return self._user_id is not None

    def page(self, name: str, path: str = "/") -> None:
        """Look at a page of the web site or a screen of the app."""
        if self.device.source == "app":
            self.send("screen", name=name)
            return
        url = f"{self._site}{path}"
        self._path = path
        self.send("page", name=name, properties={"url": url, "path": path, "title": name})

    def sign_in(self) -> None:
        """Sign in, if the person has an account."""
        person = self.scene.person
        if self._user_id or not person.user_id:
            return
        self._user_id = person.user_id
        traits: dict[str, Any] = {
            "email": person.email,
            "name": person.full_name,
            "firstName": person.first_name,
            "lastName": person.last_name,
        }
        if self.scene.world.plan.rng("address", person.number).random() < GIVES_ADDRESS:
            traits["address"] = self._postal_address()
        if person.phone and self.scene.chance(0.4):
            traits["phone"] = person.phone
            self.scene.known_by("phone", person.phone)
        self.send("identify", traits=traits)
        others = [other.user_id for other in self.scene.household if other is not person and other.user_id]
        if self.device.is_shared and others and self.scene.mishap("alias_of_another"):
            self.send("alias", previous_id=others[0])
        elif self.scene.chance(0.04):
            self.send("alias", previous_id=self._anonymous_id)
        self.scene.known_by("user_id", person.user_id)
        self.scene.known_by("email", person.email)
        if self.device.source == "app":
            self._context["traits"] = {"email": person.email}

    def sign_out(self) -> None:
        """Sign out: what follows on this device is anonymous again."""
        self._user_id = None
        self._context.pop("traits", None)

    def show_card(self) -> None:
        """Show the loyalty card to the device."""
        member = self.scene.person.member_at(self.scene.now)
        if member:
            self._context["traits"] = {"loyalty_id": member.loyalty_id}
            self.scene.known_by("loyalty_id", member.loyalty_id)

    def _postal_address(self) -> dict[str, str]:
        """Return the person's current address in the form of Segment's trait `address`."""
        person, plan = self.scene.person, self.scene.world.plan
        home = person.household.postal_address
        has_moved = self.scene.now >= plan.start + timedelta(days=plan.days * MOVED_AFTER)
        if has_moved and plan.rng("moves out", person.number).random() < MOVES_OUT:
            return home | {"street": f"{person.number} Station Street"}
        return home

    def leave_email(self) -> None:
        """Type an email address, as a guest does at the checkout; some use their work address."""
        person = self.scene.person
        email = person.work_email if person.work_email and self.scene.chance(0.4) else person.email
        self._context["traits"] = {"email": email}
        self.scene.known_by("email", email)

    def track(self, event: str, channel: str | None = None, inbound: bool = True, **properties: Any) -> str:
        """Send a tracked event; ``channel`` if it is not the device's own."""
        return self.send("track", event=event, properties=properties, channel=channel, inbound=inbound)

    def click(self, element: str, times: int = 1) -> None:
        """Click on an element, ``times`` within a second; the next act waits until the click was clearly dead."""
        for left in reversed(range(times)):
            pause = (0.1, 0.25) if left else (8, 30)
            properties = {"element_id": element, "element_tag": "button"}
            self.send("track", event="Element Clicked", properties=properties, pause=pause)

    def is_shown_a_variant(self) -> None:
        """Be shown a variant of the running experiment, which does not change the person's behaviour."""
        plan, source = self.scene.world.plan, self.device.source
        experiment = experiment_on(self.device)
        shown = experiment.variant_of(plan.rng("experiment", experiment.experiment_id, self._anonymous_id))
        now = self._clock(self.scene.now)
        dice = plan.rng("exposure", self._anonymous_id, now)
        received_at = min(self.scene.now + timedelta(seconds=1), plan.until - timedelta(seconds=1))
        message: dict[str, Any] = {
            "messageId": new_id(dice),
            "type": "track",
            "anonymousId": self._anonymous_id,
            "event": "Experiment Viewed",
            "timestamp": now,
            "originalTimestamp": now,
            "sentAt": to_the_millisecond(received_at),
            "receivedAt": to_the_millisecond(received_at),
            "context": self._context | self._page_context(),
            "properties": shown,
        }
        if self._user_id:
            message["userId"] = self._user_id
        self.scene.world.events.add(source, message, received_at, dice)
        self.scene.left(source, f"{source}_events", message["messageId"])

    def send(
        self,
        type_: str,
        *,
        event: str | None = None,
        name: str | None = None,
        properties: dict[str, Any] | None = None,
        traits: dict[str, Any] | None = None,
        previous_id: str | None = None,
        channel: str | None = None,
        inbound: bool = True,
        pause: tuple[float, float] = (2, 45),
    ) -> str:
        """Send one message, advance the clock by a few seconds, and return the message's id."""
        scene, rng = self.scene, self.scene.rng
        now = self._clock(scene.now)
        sent_at, received_at = self._underway()
        message: dict[str, Any] = {
            "messageId": new_id(rng),
            "type": type_,
            "anonymousId": self._anonymous_id,
            "userId": self._user_id,
            "previousId": previous_id,
            "event": event,
            "name": name,
            "timestamp": now,
            "originalTimestamp": now,
            "sentAt": to_the_millisecond(sent_at),
            "receivedAt": to_the_millisecond(received_at),
            "context": self._context | self._landing | self._page_context(),
            "traits": traits,
            "properties": properties,
        }
        if scene.mishap("no_timestamp_but_original"):
            message["timestamp"] = None
        message = {key: value for key, value in message.items() if value is not None}
        scene.world.events.add(self.device.source, message, received_at, rng)
        is_step = type_ in {"track", "page", "screen"}
        step_on = (channel or self.device.channel) if is_step else None
        message_id: str = message["messageId"]
        scene.left(self.device.source, f"{self.device.source}_events", message_id, step_on, inbound=inbound)
        self._landing = {}
        scene.pause(*pause)
        return message_id

    def _underway(self) -> tuple[datetime, datetime]:
        """Return the times of sending and receipt, both before the end of the simulation."""
        received_at = (
            self.scene.now + self._delay + timedelta(milliseconds=self.scene.rng.randrange(300, 9000))
        )
        received_at = min(received_at, self.scene.world.plan.until - timedelta(seconds=1))
        return received_at - timedelta(milliseconds=200), received_at

    def _clock(self, at: datetime) -> str:
        if not self.device.has_local_clock:
            return to_the_millisecond(at)
        return at.astimezone(self.scene.person.household.city.zone).isoformat(timespec="milliseconds")

    def _device_context(self) -> dict[str, Any]:
        device, country = self.device, self.country
        library, version = LIBRARIES[device.source]
        context: dict[str, Any] = {"library": {"name": library, "version": version}, "ip": device.ip}
        context["locale"] = country.locale
        context["timezone"] = self.scene.person.household.city.timezone
        context["userAgent"] = device.user_agent
        if device.channel == "web":
            context["consent"] = {"categoryPreferences": banner_choices(self.scene)}
        if device.source == "app" or device.device_id:
            context["device"] = {
                "id": device.device_id,
                "advertisingId": device.advertising_id,
                "type": device.type,
                "model": device.model,
            }
        if device.os:
            context["os"] = {"name": device.os[0], "version": device.os[1]}
        if device.source == "app":
            context["app"] = {"name": "Harbor", "version": "5.12.0"}
            context["sessionId"] = int(self.scene.now.timestamp())
        return {key: _without_nulls(value) for key, value in context.items() if value is not None}

    def _landing_context(self, campaign: Campaign | None, referrer: str | None) -> dict[str, Any]:
        landing: dict[str, Any] = {}
        if campaign:
            landing["campaign"] = {
                "source": campaign.source,
                "medium": campaign.medium,
                "name": campaign.name,
            }
        if referrer and self.device.source == "web":
            landing["page"] = {"referrer": referrer}
        return landing

    def _page_context(self) -> dict[str, Any]:
        if self.device.source != "web" or self.device.channel == "kiosk":
            return {}
        page = {"url": f"{self._site}{self._path}", "path": self._path, "referrer": ""}
        return {"page": page | self._landing.get("page", {})}

    def _record_identifiers(self) -> None:
        device, scene = self.device, self.scene
        scene.known_by("anonymous_id", self._anonymous_id)
        if self._user_id:
            scene.known_by("user_id", self._user_id)
        if device.advertising_id:
            scene.known_by("advertising_id", device.advertising_id)
        if device.device_id and device.channel == "kiosk":
            scene.world.truth.everybodys("device_id", device.device_id, PUBLIC)
        elif device.device_id:
            scene.known_by("device_id", device.device_id)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if inner is not None}
    return value
