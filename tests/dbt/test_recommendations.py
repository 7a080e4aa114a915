"""Recommendations: what joins only the best pairs of a product offers the same as all pairs would."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from types import SimpleNamespace

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt.rendering import PROJECT, Engine

MODEL = PROJECT / "models" / "intermediate" / "recommendations" / "int_recommendations__candidates.sql"
OFFERS = 3
PRODUCTS = [f"p{number}" for number in range(9)]
CATEGORY = dict(zip(PRODUCTS, "aaabbbccc", strict=True))
# Not for sale any more.
GONE = {"p0", "p4"}
# Bought three times or more, a product is due again.
PURCHASES = st.dictionaries(st.sampled_from(PRODUCTS), st.sampled_from([1, 1, 1, 4]), max_size=8)
INTERESTS = st.lists(st.sampled_from(PRODUCTS), unique=True, max_size=3)
ALL_PAIRS = list(permutations(PRODUCTS, 2))
# Some pairs are equally good; 0 is no pair.
SCORES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(2, 4)), min_size=len(ALL_PAIRS), max_size=len(ALL_PAIRS)
)


@dataclass(frozen=True)
class Customer:
    """Products with how often they were bought, and those that were looked at."""

    bought: dict[str, int]
    looked_at: list[str]


@settings(max_examples=150, deadline=None)
@given(
    customers=st.lists(st.builds(Customer, PURCHASES, INTERESTS), min_size=1, max_size=4),
    scores=SCORES,
    buyers=st.lists(st.integers(1, 5), min_size=len(PRODUCTS), max_size=len(PRODUCTS)),
)
def test_each_customer_gets_the_best_of_all_offers(
    customers: list[Customer], scores: list[tuple[int, int]], buyers: list[int]
) -> None:
    pairs = {pair: given for pair, given in zip(ALL_PAIRS, scores, strict=True) if given[0]}
    sold = dict(zip(PRODUCTS, buyers, strict=True))
    found = _built(customers, pairs, sold)
    for number, customer in enumerate(customers):
        expected = _best(customer, pairs, sold)
        assert [row[1:] for row in found if row[0] == f"c{number}"] == expected


def _best(
    customer: Customer, pairs: dict[tuple[str, str], tuple[int, int]], sold: dict[str, int]
) -> list[tuple[str, str, str | None]]:
    """Rank everything that could be offered, one product after the other."""
    offers = []
    for product in PRODUCTS:
        reasons = list(_reasons(product, customer, pairs, sold))
        if product in customer.bought:
            reasons = [reason for reason in reasons if reason[0] == 1]
        if product not in GONE and reasons:
            order, score, because, lift, kind = min(
                reasons, key=lambda reason: (reason[0], -reason[1], reason[2])
            )
            offers.append((order, -score, -lift, product, kind, because or None))
    return [(product, kind, because) for *_, product, kind, because in sorted(offers)[:OFFERS]]


def _reasons(
    product: str, customer: Customer, pairs: dict[tuple[str, str], tuple[int, int]], sold: dict[str, int]
) -> Iterable[tuple[int, int, str, int, str]]:
    """Yield order, score, product that is the reason, lift and kind of each reason to offer a product."""
    if customer.bought.get(product, 0) > 2:
        yield 1, customer.bought[product], "", 0, "buy_again"
    for order, kind, starts in (
        (2, "bought_together", customer.bought),
        (4, "goes_with_interest", customer.looked_at),
    ):
        for start in starts:
            if (start, product) in pairs:
                score, lift = pairs[start, product]
                yield order, score, start, lift, kind
    if product in customer.looked_at:
        yield 3, -customer.looked_at.index(product), "", 0, "viewed"
    if CATEGORY[product] in {CATEGORY[start] for start in [*customer.bought, *customer.looked_at]}:
        yield 5, sold[product], "", 0, "popular_in_category"
    yield 6, sold[product], "", 0, "popular"


def _built(
    customers: list[Customer], pairs: dict[tuple[str, str], tuple[int, int]], sold: dict[str, int]
) -> list[tuple[str, str, str, str | None]]:
    """Return customer, product, reason and the product that is the reason, as the model ranks them."""
    with duckdb.connect() as connection:
        for statement in _tables(customers, pairs, sold):
            connection.execute(statement)
        connection.execute(f"create table offers as {_statement()}")
        return connection.execute(
            "select customer_id, product_id, reason_kind, because_product_id from offers"
            " order by customer_id, recommendation_rank"
        ).fetchall()


@cache
def _statement() -> str:
    engine = Engine(
        "duckdb",
        SimpleNamespace(type_string=lambda: "varchar"),
        quote=lambda name: f'"{name}"',
        replaced={
            "run_at": lambda: "timestamp '2026-06-01'",
            "days_between": lambda start, end: f"date_diff('day', {start}, {end})",
            "is_external_customer": lambda _: "true",
        },
    )
    return engine.render(MODEL)


def _tables(
    customers: list[Customer], pairs: dict[tuple[str, str], tuple[int, int]], sold: dict[str, int]
) -> Iterable[str]:
    numbered = list(enumerate(customers))
    yield from _table(
        "int_identity__people", "customer_id varchar", [(f"c{number}",) for number, _ in numbered]
    )
    yield from _table("int_identity__record_customers", "customer_id varchar, is_identified boolean", [])
    yield from _table(
        "int_recommendations__catalogue",
        "product_id varchar, category varchar, is_for_sale boolean",
        [(product, CATEGORY[product], product not in GONE) for product in PRODUCTS],
    )
    yield from _table(
        "int_commerce__product_purchases",
        "customer_id varchar, product_id varchar, recency_rank integer, times_bought integer,"
        " first_bought_at timestamp, last_bought_at timestamp",
        [
            (f"c{number}", product, rank, times, "2026-01-01", "2026-02-01")
            for number, customer in numbered
            for rank, (product, times) in enumerate(customer.bought.items(), 1)
        ],
    )
    yield from _table(
        "int_recommendations__interests",
        "customer_id varchar, product_id varchar, interest varchar, interest_rank integer",
        [
            (f"c{number}", product, "viewed", rank)
            for number, customer in numbered
            for rank, product in enumerate(customer.looked_at)
        ],
    )
    yield from _table(
        "int_recommendations__product_pairs",
        "product_id varchar, other_product_id varchar, log_likelihood double, lift double, buyers_of_both integer,"
        " pair_rank integer",
        list(_ranked(pairs)),
    )
    sellers = sorted(
        (product for product in PRODUCTS if product not in GONE), key=lambda each: (-sold[each], each)
    )
    in_category = {
        product: [other for other in sellers if CATEGORY[other] == CATEGORY[product]].index(product) + 1
        for product in sellers
    }
    yield from _table(
        "int_recommendations__best_sellers",
        "product_id varchar, category varchar, buyers integer, popularity_rank integer, category_rank integer",
        [
            (product, CATEGORY[product], sold[product], rank, in_category[product])
            for rank, product in enumerate(sellers, 1)
        ],
    )


def _ranked(pairs: dict[tuple[str, str], tuple[int, int]]) -> Iterable[tuple[object, ...]]:
    """Yield each pair with its rank among all pairs of its product, sold or not."""
    for product in PRODUCTS:
        of_product = sorted(
            (-score, -lift, other) for (start, other), (score, lift) in pairs.items() if start == product
        )
        for rank, (score, lift, other) in enumerate(of_product, 1):
            yield product, other, -score, -lift, 1, rank


def _table(name: str, columns: str, rows: list[tuple[object, ...]]) -> Iterable[str]:
    """Yield the statements that create a table and fill it."""
    yield f"create table {name} ({columns})"
    if rows:
        values = ", ".join(f"({', '.join(map(repr, row))})" for row in rows)
        yield f"insert into {name} values {values}"
