"""How the data dictionary shows what dbt's descriptions say."""

from datetime import UTC, datetime
from pathlib import Path

from publishing.catalog import Mart, MartColumn
from publishing.dictionary import write_dictionaries
from publishing.writer import PublicationRow

MART = Mart(
    name="fct_orders",
    domain="commerce",
    description="One row per order; see `dim_channels`.",
    columns=(
        MartColumn(
            name="total", data_type="decimal(38, 4)", description="Is `a < b` & <b>safe</b>.", pii=None
        ),
    ),
    built_from=(),
)
ROW = PublicationRow(
    version="v1",
    run_at=datetime(2026, 4, 30, 12, 0, tzinfo=UTC),
    has_personal_data=False,
    sources={},
    row_counts={},
    content_checksum="",
)


def test_what_stands_between_backticks_is_code_and_nothing_else_is_markup(tmp_path: Path) -> None:
    html, markdown = tmp_path / "dictionary.html", tmp_path / "dictionary.md"
    write_dictionaries([MART], ROW, html=html, markdown=markdown)
    page = html.read_text()
    assert "see <code>dim_channels</code>." in page
    assert "Is <code>a &lt; b</code> &amp; &lt;b&gt;safe&lt;/b&gt;." in page
    assert "`" not in page
    assert "Is `a < b` & <b>safe</b>." in markdown.read_text()
