"""E-mail addresses and phone numbers in columns that are not made for them."""

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path

import pytest

from publishing import Publication
from tests.publishing.conftest import COLUMNS, manifest_of, rows

Publish = Callable[..., Publication]

CONTACTS = (
    "ana@example.org",
    "Ana Li <ANA@Example.ORG>",
    "ümit@bücher.example",
    "/unsubscribe/ana%40example.org/now",
    "/unsubscribe/ana%2540example.org",
    "call +1 312-555-0143",
    "tel:%2B13125550143",
    "+4915112345678",
    "(312) 555-0143",
)
NO_CONTACTS = (
    "SUMMER10",
    "10% off (today)",
    "black+shoes+20261031123",
    "2026-10-31T09:00:00+00:00",
    "a***@e***",
    "shoes @ home",
    "1312555014399",
    "/a%20b/c.html",
    "f(x) = 1",
    "",
)


@pytest.fixture
def with_coupons(change: Callable[[str], None], manifest: Path) -> None:
    """Give orders a column that dbt does not mark as personal."""
    values = ", ".join(f"('o1', '{value}')" for value in (*CONTACTS, *NO_CONTACTS))
    change(f"""
        create or replace table marts.fct_orders as
        select orders.order_id, 'c1' as customer_id, 1.0::decimal(18, 4) as net_total, coupon
        from (values {values}, ('o2', null)) as orders (order_id, coupon)
    """)
    columns = [*COLUMNS["fct_orders"], ("coupon", "varchar", None)]
    manifest.write_text(manifest_of({**COLUMNS, "fct_orders": columns}))


@pytest.mark.usefixtures("with_coupons")
def test_a_value_with_a_contact_is_its_keyed_hash_and_others_are_as_they_are(
    publish_again: Publish, marts: Path
) -> None:
    publish_again()
    hidden = [hmac.new(b"pepper", value.encode(), hashlib.sha256).hexdigest() for value in CONTACTS]
    found = {coupon for (coupon,) in rows(marts, "select coupon from fct_orders")}
    assert found == {*hidden, *NO_CONTACTS, None}
    assert rows(marts, "select distinct order_id from fct_orders order by 1") == [("o1",), ("o2",)]


@pytest.mark.usefixtures("with_coupons")
def test_contacts_are_published_as_they_are_if_asked_for(publish_again: Publish, marts: Path) -> None:
    publish_again(publish_pii=True)
    found = {coupon for (coupon,) in rows(marts, "select coupon from fct_orders")}
    assert found == {*CONTACTS, *NO_CONTACTS, None}
