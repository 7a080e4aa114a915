"""Each page of the dashboards on the demo's published marts, run by Streamlit itself."""

from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from dashboards import words
from tests.end_to_end.dashboard_pages import looked_at, shown, text_of, tile_of
from tests.end_to_end.workplace import State

pytestmark = pytest.mark.usefixtures("ask")


def test_channels_adds_up_to_the_marts(ask: Any) -> None:
    page = shown("channels")
    revenue, sessions = ask(
        "select sum(revenue)::double, sum(sessions) from mart_channel_performance, publication "
        "where date between run_at::date - 30 and run_at::date - 1"
    )
    assert revenue > 0
    assert tile_of(page, "Revenue, USD") == f"{revenue:,.0f}"
    assert tile_of(page, "Sessions") == f"{sessions:,}"


def test_channels_compares_with_the_period_before(ask: Any) -> None:
    """The demo has 90 days: 30 of them have 30 before, 90 have none."""
    page = shown("channels")
    assert "compared with the 30 days before" in text_of(page)
    looked_at(page.selectbox(key="channels_period").select("Last 90 days").run())
    assert "which nothing is compared with" in text_of(page)


def test_channels_can_be_narrowed_to_a_kind() -> None:
    page = shown("channels")
    assert "Website" in text_of(page)
    looked_at(page.selectbox(key="channels_group").select("physical").run())
    assert "Website" not in text_of(page)
    assert "Store" in text_of(page)


def test_channels_says_whose_figures_are_too_low(ask: Any) -> None:
    (note,) = ask(
        "select completeness_note from mart_scorecard where period = 'month'"
        " and location_id = 'L10' and channel = 'store' and period_start_date = date '2026-10-01'"
    )
    (cost,) = ask(
        "select sum(cost_to_serve)::double from mart_scorecard"
        " where period = 'month' and channel = 'support_phone' and period_start_date = date '2026-10-01'"
    )
    text = text_of(shown("channels"))
    assert note in text
    assert f">{words.money(cost)}</td>" in text


def customer_by(typed: str) -> AppTest:
    """Search on the customer page."""
    return looked_at(shown("customer").text_input(key="customer_search").set_value(typed).run())


@pytest.mark.parametrize(
    ("number", "of"),
    [
        (
            "order_id",
            "select max(order_id), customer_id from fct_orders where order_id like 'W%' group by 2 order by 1",
        ),
        # A store sale without an order number is known by its receipt, which is no identifier.
        (
            "receipt",
            "select min(order_id), customer_id from fct_orders where order_id like 'T%' group by 2 order by 1 limit 1",
        ),
        (
            "ticket_id",
            "select ticket_id, customer_id from fct_touchpoints where ticket_id is not null order by 1 limit 1",
        ),
        (
            "customer_id",
            "select customer_id, customer_id from dim_customers where is_identified order by 1 limit 1",
        ),
    ],
)
def test_a_customer_is_found_by_number(ask: Any, number: str, of: str) -> None:
    value, customer = ask(of)
    assert customer in text_of(customer_by(value)), number


def test_a_customer_is_found_by_what_a_person_types(first: State) -> None:
    """The published values are hashes, which contain the input in no spelling."""
    place = first.place
    with closing(duckdb.connect(str(place.warehouse), read_only=True)) as warehouse:
        found = warehouse.execute(
            """
            select distinct on (identifier_type) identifier_type, identifier_value, customer_id
            from marts.identity_map
            where identifier_type in ('email', 'phone', 'loyalty_id') and is_identified and not is_shared
                and regexp_matches(identifier_value, '@example.com$|^[+]1|^[A-Z]')
            order by identifier_type, identifier_value
            """
        ).fetchall()
    written = {"email": "  {}".format, "phone": "00{}".format, "loyalty_id": "{}".format}
    assert {kind for kind, _, _ in found} == set(written)
    for kind, value, customer in found:
        typed = written[kind](value.removeprefix("+")).swapcase() if kind != "loyalty_id" else value.lower()
        assert customer in text_of(customer_by(typed)), kind
    assert "Nobody is known by that" in text_of(customer_by("nobody@nowhere.test"))


def test_a_customer_page_shows_what_the_marts_know_and_no_name(ask: Any) -> None:
    customer, lines, links = ask(
        """
        select customer_id, count(*), any_value(links) from mart_customer_timeline
        inner join (select customer_id, count(*) as links from identity_links group by 1) using (customer_id)
        group by 1 order by 2 desc, 1 limit 1
        """
    )
    page = customer_by(customer)
    text = text_of(page)
    assert links > 0
    assert text.count("Member id") + text.count("User id") >= links > 0
    assert f"Show all {min(lines, 300)} touchpoints" in [each.label for each in page.toggle]
    assert ask(f"select full_name from dim_customers where customer_id = '{customer}'")[0] in text
    for part in ("Open matters", "What to recommend", "Timeline", "Orders", "Why this is one person"):
        assert part in [each.value for each in page.header]


def test_the_key_stays_on_the_pipelines_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAREHOUSE_PATH", str(tmp_path / "none"))
    monkeypatch.delenv("IDENTITY_SALT", raising=False)
    assert "a key that is not on this machine" in text_of(customer_by("ana@example.org"))
    assert list(tmp_path.iterdir()) == []
