"""Reference data: shops, products and service staff."""

from datetime import timedelta

from simulator.catalogue import AGENTS, BOT
from simulator.places import GB, HARBOR, US, locations
from simulator.plan import amount, to_the_second
from simulator.support_data import Record
from simulator.world import World

DISCONTINUED = (("hb-901", "Old Harbor Lamp"), ("hb-902", "Old Harbor Mug"))
# Priced in pounds, and not on sale yet.
ANNOUNCED_IN_BRITAIN = (("hb-911", "London Umbrella"), ("hb-912", "Leeds Tea Towel"))


def write_reference_data(world: World) -> None:
    """Write locations, products and service staff; two products are no longer sold."""
    at = to_the_second(world.plan.start)
    for place in locations():
        world.store.add(
            "locations",
            location_id=place.location_id,
            name=place.name,
            kind=place.kind,
            banner=place.banner,
            timezone=place.timezone,
            country=place.country.code,
            updated_at=at,
        )
    for product in world.catalogue.products:
        price = product.online_cents
        _write_product(
            world, product.product_id, product.name, product.category, product.banner, price, at, None
        )
    for product_id, name in ANNOUNCED_IN_BRITAIN:
        _write_product(world, product_id, name, "home", HARBOR, 2499, at, None, GB.currency)
    gone_at = to_the_second(world.plan.until - timedelta(days=world.plan.days / 2))
    for product_id, name in DISCONTINUED:
        _write_product(world, product_id, name, "home", HARBOR, 1999, gone_at, gone_at)
    _write_agents(world, at)


def _write_product(
    world: World,
    product_id: str,
    name: str,
    category: str,
    banner: str,
    cents: int,
    updated_at: str,
    deleted_at: str | None,
    currency: str = US.currency,
) -> None:
    world.store.add(
        "products",
        product_id=product_id,
        name=name,
        category=category,
        banner=banner,
        list_price=amount(cents),
        currency=currency,
        stock_quantity=_stock(product_id),
        updated_at=updated_at,
        deleted_at=deleted_at,
    )


def _stock(product_id: str) -> int:
    """Return how many pieces are in stock: of one product in eleven, none."""
    return sum(product_id.encode()) % 11 * 7


def _write_agents(world: World, at: str) -> None:
    for agent in (*AGENTS, BOT):
        local = agent.name.lower().replace(" ", ".")
        record: Record = {
            "id": agent.user_id,
            "role": "agent",
            "name": agent.name,
            "email": f"{local}@harbor.example",
            "phone": None,
            "external_id": None,
            "tags": ["bot"] if agent.is_bot else [],
            "created_at": at,
            "updated_at": at,
        }
        world.support.add("users", record)
        start = world.plan.start
        world.truth.record("support", "support_users", agent.user_id, start, None, None, actor="agent")
