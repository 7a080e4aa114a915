"""How the data dictionary shows what dbt's descriptions say."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from publishing import Publication
from publishing.catalog import Mart, MartColumn
from publishing.dictionary import Dictionary, write_dictionaries
from publishing.lineage import Lineage
from publishing.metric_definitions import MetricDefinition
from publishing.writer import PublicationRow
from tests.dashboards.browser import CHROMIUM, browser

MART = Mart(
    name="fct_orders",
    domain="commerce",
    description="One row per order; see `dim_channels`.",
    columns=(
        MartColumn(
            name="total", data_type="decimal(38, 4)", description="Is `a < b` & <b>safe</b>.", pii=None
        ),
        MartColumn(name="channel_sold", data_type="string", description="Where it was sold.", pii=None),
    ),
    lineage=Lineage(
        sources=("website events", "store receipts"), marts=("dim_channels",), lists=("channels",)
    ),
)
CHANNELS = Mart(
    name="dim_channels",
    domain="core",
    description="One row per channel.",
    columns=(MartColumn(name="channel", data_type="string", description="Its name.", pii=None),),
)
METRICS = (
    MetricDefinition("orders", "Orders", "Orders that were not cancelled.", "", ("fct_orders",)),
    MetricDefinition("share", "Share", "Orders of all.", "orders / all_orders", ("fct_orders",)),
)
ROW = PublicationRow(
    version="v1",
    run_at=datetime(2026, 4, 30, 12, 0, tzinfo=UTC),
    has_personal_data=False,
    sources={},
    row_counts={},
    content_checksum="",
)


@pytest.fixture
def pages(tmp_path: Path) -> tuple[Path, Path]:
    """Write both forms of a dictionary of two marts and two metrics."""
    html, markdown = tmp_path / "dictionary.html", tmp_path / "dictionary.md"
    samples = {"fct_orders": {"channel_sold": "web, <b>store</b>"}}
    write_dictionaries(Dictionary([MART, CHANNELS], ROW, METRICS, samples), html=html, markdown=markdown)
    return html, markdown


def test_what_stands_between_backticks_is_code_and_nothing_else_is_markup(pages: tuple[Path, Path]) -> None:
    page, markdown = (file.read_text(encoding="utf-8") for file in pages)
    body = page.partition("<main>")[2].partition("<script>")[0]
    assert "see <code>dim_channels</code>." in body
    assert "Is <code>a &lt; b</code> &amp; &lt;b&gt;safe&lt;/b&gt;." in body
    assert "web, &lt;b&gt;store&lt;/b&gt;" in body
    assert "`" not in body
    assert "Is `a < b` & <b>safe</b>." in markdown


def test_lineage_is_in_words_and_metrics_are_defined(pages: tuple[Path, Path]) -> None:
    page, markdown = (file.read_text(encoding="utf-8") for file in pages)
    assert "Made from website events and store receipts." in page
    assert 'Uses the tables <a href="#dim_channels"><code>dim_channels</code></a>.' in page
    assert "Uses the lists <code>channels</code>." in page
    assert '<a href="#metric-share">Share</a>' in page
    assert "<code>orders / all_orders</code>" in page
    assert "| Share | `share` | Orders of all. `orders / all_orders` | fct_orders |" in markdown
    assert "Where it was sold. Values: web, <b>store</b>" in markdown


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
def test_the_search_shows_what_was_asked_for_at_both_widths(pages: tuple[Path, Path], tmp_path: Path) -> None:
    shown = "[...document.querySelectorAll('tbody tr')].filter(e => e.offsetParent).map(e => e.innerText).join('|')"
    with browser(tmp_path / "profile") as tab:
        for width in (1280, 390):
            tab.open(pages[0].as_uri(), width=width)
            tab.wait("document.readyState === 'complete' && document.getElementById('search')")
            assert tab.run("document.documentElement.scrollWidth") <= width
            assert tab.run("document.getElementById('contents').open") == (width > 600)
            tab.run("document.getElementById('search').focus()")
            tab.type("sold order")
            assert "channel_sold" in tab.run(shown)
            assert "total" not in tab.run(shown)
            assert tab.run("document.getElementById('found').textContent") == "1 line in 1 table."
            tab.run("document.getElementById('search').value = ''")
            tab.type("nothing like it")
            assert tab.run(shown) == ""
            assert "Nothing is named" in tab.run("document.getElementById('found').textContent")
        assert tab.problems == []


def test_samples_are_of_nobody_in_particular(
    publish_again: Callable[..., Publication], change: Callable[[str], None]
) -> None:
    change(
        """
        insert into marts.dim_customers
        select 'c' || i, 'p' || i || '@example.org', '+13125550143', 'Common Name', 'note', '1990-05-06', [], 'u', i % 7
        from range(3, 90) as numbers(i)
        """
    )
    for arguments in ({}, {"publish_pii": True}):
        page = publish_again(**arguments).dictionary.read_text(encoding="utf-8")
        body: Any = page.partition("<main>")[2]
        assert '<div class="sample">0 to 6</div>' in body
        assert "Common Name" not in body
        assert "1990" not in body
        assert "+1312" not in body
