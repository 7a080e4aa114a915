"""Each page of the dashboards on the demo's published marts, run by Streamlit itself."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.end_to_end.workplace import State, reader


@pytest.fixture(autouse=True)
def the_marts(first: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARTS_PATH", str(first.place.marts))


@pytest.fixture
def ask(first: State) -> Iterator[Any]:
    """Ask the published marts in plain SQL for one row."""
    with closing(reader(first.place.marts)) as marts:
        marts.execute("use published")
        yield lambda sql: marts.execute(sql).fetchone()


def shown(module: str) -> AppTest:
    """Run a page and return it; it has raised nothing."""
    script = f"from dashboards.views.{module} import show\nshow()"
    return looked_at(AppTest.from_string(script, default_timeout=60).run())


def looked_at(page: AppTest) -> AppTest:
    """Check that a page has raised nothing and says what it is about."""
    assert [each.value for each in page.exception] == []
    assert "As of" in text_of(page)
    assert "Version" in text_of(page)
    return page


def text_of(page: AppTest) -> str:
    """All HTML that a page shows, tables and tiles among it."""
    return "\n".join(str(each.proto.body) for each in page.get("html"))


def test_channels_adds_up_to_the_marts(ask: Any) -> None:
    page = shown("channels")
    revenue, sessions = ask(
        "select sum(revenue)::double, sum(sessions) from mart_channel_performance, publication "
        "where date between run_at::date - 30 and run_at::date - 1"
    )
    assert revenue > 0
    assert f"<b>{revenue:,.0f}</b>" in text_of(page)
    assert f"<b>{sessions:,}</b>" in text_of(page)


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
