"""Data Docs: pages that need nothing from the network, an index, and old runs forgotten."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from expectations import Suite, validate
from expectations.data_docs import KEPT_RUNS, start_run, write_index
from expectations.rules import read_rules
from tests.expectations.conftest import delivery, event

Warehouse = Callable[..., Path]
RUN_AT = datetime(2026, 4, 30, 12, 0, tzinfo=UTC)


def test_a_page_says_what_was_expected_and_found(warehouse_with: Warehouse, tmp_path: Path) -> None:
    docs = start_run(tmp_path / "data_docs", "run-1")
    verdict = validate("raw.web_events", warehouse_with(event("m1"), event("m1", "teleport")), docs=docs)
    page = docs / "raw" / "web_events.html"
    assert verdict.url == str(page), "a path: browsers follow no file:// from the UI's page"
    html = page.read_text()
    assert "One row per message" in html
    assert "message_id is unique: not so for 2 rows (message_id m1" in html
    assert "Rows that break it" in html, "Great Expectations' own table of what was found, in our words"
    assert "Observed Value" not in html
    assert "type is one of identify" in html
    assert "no message is more than 48 hours ahead" in html


def test_an_expectation_that_cannot_be_tested_says_why_without_the_value(
    warehouse_with: Warehouse, tmp_path: Path
) -> None:
    """DuckDB quotes the value that it cannot read, and Great Expectations prints that three times."""
    rule = {"no_rows": {"because": "ids are numbers", "where": "cast(message_id as integer) > 0"}}
    suite = Suite("raw", "web_events", "One row", ("message_id",), tuple(read_rules("critical", rule)))
    docs = start_run(tmp_path / "data_docs", "run-1")
    verdict = validate("raw.web_events", warehouse_with(event("Liam O''Brien")), docs=docs, suite=suite)
    write_index(docs, RUN_AT)
    assert not verdict.passed
    assert "ids are numbers: " in verdict.summary
    assert "Could not convert string … to INT32" in verdict.summary
    texts = [str(verdict), *(page.read_text() for page in docs.rglob("*.*"))]
    assert len(texts) == 4
    assert not [text for text in texts if "Liam" in text or "Brien" in text]


def test_what_a_visitor_sends_is_text_on_the_pages_and_markup_stays_markup(
    warehouse_with: Warehouse, tmp_path: Path
) -> None:
    docs = start_run(tmp_path / "data_docs", "run-1")
    sent, landed = "<script>alert(1)</script>", "<img src=x onerror=alert(1)>.jsonl"
    warehouse = warehouse_with(event(sent), event(sent, "teleport"), delivery(landed, 1, 9))
    for table in ("raw.web_events", "raw.load_ledger"):
        validate(table, warehouse, docs=docs)
    write_index(docs, RUN_AT)
    pages = {page.name: page.read_text() for page in docs.rglob("*.html")}
    assert len(pages) == 3
    for name, page in pages.items():
        assert "<script" not in page, name
        assert "<img" not in page, name
        assert "<h1>" in page, name
    assert "&lt;script&gt;alert(1)" in pages["web_events.html"]
    assert "onerror=alert(1)&gt;" in pages["load_ledger.html"]
    # Great Expectations' own part: its tags and its tables' contents are there, and no tag is shown as text.
    assert "<table" in pages["web_events.html"]
    assert not re.findall(r"&lt;/?(?:div|span|table|td|th|tr|i|li|ul)\b", pages["web_events.html"])


def test_a_page_needs_nothing_from_the_network(warehouse_with: Warehouse, tmp_path: Path) -> None:
    docs = start_run(tmp_path / "data_docs", "run-1")
    validate("raw.web_events", warehouse_with(event("m1")), docs=docs)
    write_index(docs, RUN_AT)
    for page in docs.rglob("*.html"):
        assert not re.findall(r"https?://[^\"' )]+", page.read_text()), page


def test_the_address_is_where_the_folder_is_served(warehouse_with: Warehouse, tmp_path: Path) -> None:
    docs = start_run(tmp_path / "data_docs", "run-1")
    served = "http://127.0.0.1:3001/run-1/"
    verdict = validate("raw.web_events", warehouse_with(event("m1")), docs=docs, docs_url=served)
    assert verdict.url == "http://127.0.0.1:3001/run-1/raw/web_events.html"


def test_the_index_lists_every_table_and_its_verdict(warehouse_with: Warehouse, tmp_path: Path) -> None:
    docs = start_run(tmp_path / "data_docs", "run-1")
    warehouse = warehouse_with(event("m1"), delivery("bad.jsonl", 1, 9))
    for table in ("raw.web_events", "raw.load_ledger"):
        validate(table, warehouse, docs=docs)
    html = write_index(docs, RUN_AT).read_text()
    assert 'href="raw/web_events.html"' in html
    assert "2026-04-30 12:00:00 UTC" in html
    assert re.findall(r'class="state ([a-z]*)"', html) == ["critical", ""]
    assert (tmp_path / "data_docs" / "latest" / "index.html").read_text() == html


def test_only_the_newest_runs_are_kept(tmp_path: Path) -> None:
    root = tmp_path / "data_docs"
    for number in range(KEPT_RUNS + 3):
        os.utime(start_run(root, f"run-{number:02}"), (number, number))
    start_run(root, "the-last")
    kept = sorted(path.name for path in root.iterdir() if not path.is_symlink())
    assert len(kept) == KEPT_RUNS
    assert kept[-1] == "the-last"
    assert "run-03" not in kept
    assert (root / "latest").resolve().name == "the-last"
