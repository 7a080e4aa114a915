"""Visits of crawlers that read the web shop."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from simulator.devices import new_id
from simulator.places import US
from simulator.plan import to_the_millisecond
from simulator.world import World

USER_AGENTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
)


def maybe_crawl(world: World, number: int) -> None:
    """Let a crawler come by, for one in so many people."""
    rng = world.plan.rng("crawler", number)
    if world.mishaps.happens("bot_visit", rng):
        _crawl(world, rng)


def _crawl(world: World, rng: Random) -> None:
    """Read a handful of product pages, one a second."""
    minutes = world.plan.days * 24 * 60 - 10
    now = world.plan.start + timedelta(minutes=rng.randrange(minutes))
    anonymous_id, user_agent = new_id(rng), rng.choice(USER_AGENTS)
    for _ in range(rng.randint(3, 20)):
        product = world.catalogue.pick(rng)
        path = f"/products/{product.product_id}"
        message = _page(path, now, anonymous_id, user_agent, rng)
        world.events.add("web", message, now, rng)
        world.truth.record("web", "web_events", message["messageId"], now, None, None, actor="crawler")
        now += timedelta(milliseconds=rng.randrange(500, 1500))


def _page(path: str, at: datetime, anonymous_id: str, user_agent: str, rng: Random) -> dict[str, Any]:
    url = f"https://{US.domain}{path}"
    instant = to_the_millisecond(at)
    return {
        "messageId": new_id(rng),
        "type": "page",
        "anonymousId": anonymous_id,
        "name": "Product",
        "timestamp": instant,
        "originalTimestamp": instant,
        "sentAt": instant,
        "receivedAt": instant,
        "context": {"userAgent": user_agent, "page": {"url": url, "path": path, "referrer": ""}},
        "properties": {"url": url, "path": path},
    }
