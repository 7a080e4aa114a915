"""Test sales: a technician tests a register, and pays with a test card."""

from datetime import timedelta

from simulator.places import CLOSED, locations
from simulator.plan import amount, to_the_second
from simulator.world import World

TEST_CARD = "tok_visa"
CENTS = 100


def maybe_try_a_till(world: World, number: int) -> None:
    """Let a technician ring up a sale, for one in so many people."""
    rng = world.plan.rng("technician", number)
    if not world.mishaps.happens("test_card", rng):
        return
    shop = rng.choice(
        [
            place
            for place in locations()
            if place.kind == "store" and place not in (CLOSED.shop, CLOSED.grocer)
        ]
    )
    at = world.plan.start + timedelta(minutes=rng.randrange(world.plan.days * 24 * 60))
    transaction_id = f"X{number:07}"
    world.store.add(
        "transactions",
        transaction_id=transaction_id,
        location_id=shop.location_id,
        register_id=f"{shop.location_id}-R1",
        payment_token=TEST_CARD,
        kind="sale",
        currency=shop.country.currency,
        subtotal=amount(CENTS),
        discount=0.0,
        tax=0.0,
        total=amount(CENTS),
        occurred_at=to_the_second(at),
        updated_at=to_the_second(at),
    )
    world.truth.record("store", "store_transactions", transaction_id, at, None, None, actor="technician")
