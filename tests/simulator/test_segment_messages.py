"""Messages look as the Segment libraries send them."""

from collections import Counter, defaultdict

from tests.simulator.landed import EVENT_SOURCES, Simulated

TYPES = {"identify", "track", "page", "screen", "alias"}


def test_each_message_has_segments_common_fields(simulated: Simulated) -> None:
    for source in EVENT_SOURCES:
        for _, message in simulated.messages(source):
            assert message["type"] in TYPES
            assert message.get("timestamp") or message["originalTimestamp"]
            assert message["sentAt"] <= message["receivedAt"]
            assert message.get("anonymousId") or message.get("userId")
            assert ("event" in message) == (message["type"] == "track")


def test_people_act_on_every_channel(simulated: Simulated) -> None:
    channels = Counter(step["channel"] for j in simulated.truth("journeys") for step in j["records"])
    assert set(channels) >= {
        "web",
        "app",
        "store",
        "kiosk",
        "wearable",
        "email",
        "push",
        "social",
        "support_chat",
        "support_phone",
        "support_email",
        "support_bot",
        "support_web",
    }


def test_a_shared_tablet_is_used_signed_in_by_more_than_one_person(simulated: Simulated) -> None:
    users: dict[str, set[str]] = defaultdict(set)
    for _, message in simulated.messages("web"):
        if message["type"] == "identify":
            users[message["anonymousId"]].add(message["userId"])
    assert max(len(signed_in) for signed_in in users.values()) > 1


def test_a_cart_begun_in_the_app_is_bought_on_the_web(simulated: Simulated) -> None:
    begun = {
        message["properties"]["cart_id"]
        for _, message in simulated.messages("app")
        if message.get("event") == "Product Added"
    }
    bought = {
        message["properties"]["cart_id"]
        for _, message in simulated.messages("web")
        if message.get("event") == "Order Completed"
    }
    resumed = [
        journey
        for journey in simulated.truth("journeys")
        if journey["story"] == "resumes_cart" and journey["outcome"] == "converted"
    ]
    assert len(begun & bought) == len(resumed) > 0


def test_somebody_gets_a_letter_after_unsubscribing(simulated: Simulated) -> None:
    left: dict[str, str] = {}
    delivered: dict[str, list[str]] = defaultdict(list)
    for _, message in simulated.messages("marketing"):
        if message["event"] == "Unsubscribed":
            left[message["anonymousId"]] = message["originalTimestamp"]
        if message["event"] == "Email Delivered":
            delivered[message["anonymousId"]].append(message["originalTimestamp"])
    assert [who for who, at in left.items() if max(delivered[who], default="") > at]
