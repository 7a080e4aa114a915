"""The published file as the pages read it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboards.publication import UnreadableError, rows, status
from publishing import Publication, rollback
from tests.publishing.conftest import RUN_AT

Publish = Callable[..., Publication]
COUNT = "select count(*) as orders from fct_orders"
HEAD = "from dashboards import page\npage.begin('Orders', 'How many?')"


def test_a_swap_is_seen_at_once(publish_again: Publish, change: Callable[[str], None], marts: Path) -> None:
    first = publish_again()
    assert rows(COUNT)["orders"].tolist() == [2]
    change("insert into marts.fct_orders values ('o3', 'c1', 1)")
    second = publish_again(run_at=RUN_AT + timedelta(hours=1))
    assert rows(COUNT)["orders"].tolist() == [3]
    assert (status().version, status().run_at) == (
        second.version,
        (RUN_AT + timedelta(hours=1)).replace(tzinfo=None),
    )
    rollback(marts)
    assert rows(COUNT)["orders"].tolist() == [2]
    assert status().version == first.version


def test_a_page_says_which_sources_failed_and_which_are_absent(publish_again: Publish) -> None:
    publish_again(sources={"web": "failed", "store": "loaded", "support": "not_configured"})
    head = AppTest.from_string(HEAD).run().get("html")[-1].proto.body
    assert "incomplete: Web failed" in head
    assert "not configured: Support" in head


def test_a_page_says_why_there_is_nothing(marts: Path) -> None:
    page = AppTest.from_string(HEAD).run()
    assert f"Nothing is published at {marts}" in page.get("html")[-1].proto.body
    assert not page.exception


def test_a_file_that_is_no_database_is_named(marts: Path) -> None:
    marts.parent.mkdir(parents=True)
    marts.write_text("not a database")
    with pytest.raises(UnreadableError, match=f"{marts} cannot be read"):
        status()
