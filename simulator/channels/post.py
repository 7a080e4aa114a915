"""Messages out and back: email, SMS, push, social networks."""

from typing import Any

from simulator.catalogue import Campaign
from simulator.devices import new_id
from simulator.plan import to_the_millisecond
from simulator.scene import Scene

OUTBOUND = frozenset(
    {
        "Email Delivered",
        "Email Bounced",
        "SMS Delivered",
        "Social Message Sent",
        "Survey Sent",
        "Application Approved",
        "Application Declined",
        "Audience Member Added",
        "Audience Member Removed",
    }
)


def email(scene: Scene, event: str, campaign: Campaign | None = None, **properties: Any) -> None:
    """Write an event of the Email spec: ``Email Delivered``, ``Email Opened``, ``Unsubscribed``, …."""
    shown = _cased(scene)
    scene.known_by("email", scene.person.email)
    _send(scene, "email", event, f"em-{scene.person.number:x}", {"email": shown}, campaign, properties)


def sms(scene: Scene, event: str, campaign: Campaign | None = None, **properties: Any) -> None:
    """Write an SMS event; the person has a phone."""
    phone = scene.person.phone or ""
    scene.known_by("phone", phone)
    _send(scene, "sms", event, f"sm-{scene.person.number:x}", {"phone": phone}, campaign, properties)


def social(
    scene: Scene, event: str, text: str, account: tuple[str, str] | None = None, **properties: Any
) -> None:
    """Write an event of a social network; the person has a handle, and some have linked an email to it."""
    network, handle = account or scene.rng.choice(scene.person.handles)
    scene.known_by("social", f"{network}:{handle}")
    traits = {"email": scene.person.email} if _is_linked(scene) else {}
    if traits:
        scene.known_by("email", scene.person.email)
    said = {"network": network, "handle": handle, "text": text}
    _send(scene, "social", event, f"so-{scene.person.number:x}", traits, None, said | properties)


def _is_linked(scene: Scene) -> bool:
    return scene.person.number % 3 != 0 or len(scene.person.handles) > 1


def _cased(scene: Scene) -> str:
    return scene.person.email.title() if scene.chance(0.1) else scene.person.email


def _send(
    scene: Scene,
    channel: str,
    event: str,
    anonymous_id: str,
    traits: dict[str, str],
    campaign: Campaign | None,
    properties: dict[str, Any],
) -> None:
    scene.known_by("anonymous_id", anonymous_id)
    at = to_the_millisecond(scene.now)
    context: dict[str, Any] = {"channel": channel}
    if traits:
        context["traits"] = traits
    if campaign:
        properties = {"campaign_id": campaign.name, "campaign_name": campaign.name} | properties
        if campaign.coupon:
            properties["coupon"] = campaign.coupon
    message: dict[str, Any] = {
        "messageId": new_id(scene.rng),
        "type": "track",
        "anonymousId": anonymous_id,
        "event": event,
        "timestamp": at,
        "originalTimestamp": at,
        "sentAt": at,
        "receivedAt": at,
        "context": context,
        "properties": properties,
    }
    scene.world.events.add("marketing", message, scene.now, scene.rng)
    inbound = event not in OUTBOUND
    scene.left("marketing", "marketing_events", message["messageId"], channel, inbound=inbound)
    scene.pause(1, 20)
