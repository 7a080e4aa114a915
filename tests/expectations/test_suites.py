"""The suites' files: their rules, and messages about mistakes."""

from pathlib import Path

import pytest

from expectations import SuiteError, all_suites, suite_for, suites_of
from expectations.suites import read_layer

RAW_TABLES = {
    "web_events",
    "app_events",
    "marketing_events",
    "marketing_ad_spend",
    "store_locations",
    "store_products",
    "store_members",
    "store_transactions",
    "store_transaction_lines",
    "store_loyalty_ledger",
    "store_visits",
    "support_tickets",
    "support_users",
    "support_ticket_events",
    "support_satisfaction_ratings",
    "load_ledger",
    "rejects",
    "observed_fields",
}


def test_every_raw_table_has_a_suite() -> None:
    assert {suite.table for suite in suites_of("raw")} == RAW_TABLES


def test_every_suite_says_its_grain_and_has_rules() -> None:
    for suite in all_suites():
        assert suite.grain.startswith("One row"), suite.name
        assert suite.rules, suite.name


def test_suites_of_raw_tables_guard_their_key() -> None:
    """A mart's key is guarded by dbt: tests/laws/test_checks.py."""
    for suite in suites_of("raw"):
        critical = {rule.sentence for rule in suite.rules if rule.severity == "critical"}
        assert any("never missing" in sentence for sentence in critical), suite.name
        assert any("unique" in sentence for sentence in critical), suite.name


def test_a_table_without_a_suite_is_named() -> None:
    with pytest.raises(SuiteError, match=r"no suite for raw\.nothing"):
        suite_for("raw.nothing")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a list", "a suite is a mapping"),
        ("tables: [t]\ngrain: One row\n", "key must be given"),
        ("tables: [t]\ngrain: One row\nkey: [a]\nfatal: []\n", "fatal: not a word of a suite"),
        ("tables: [t]\ngrain: One row\nkey: [a]\ncritical: [{not_nul: [a]}]\n", "'not_nul' is not a rule"),
        ("tables: [t]\ngrain: One row\nkey: [a]\ncritical: [{no_rows: {where: a > 1}}]\n", "takes `because`"),
        ("tables: [t]\ngrain: One row\nkey: [a]\ninfo: [{has_rows: false}]\n", "has_rows can only be true"),
        ("tables: [t, t]\ngrain: One row\nkey: [a]\n", "t has a suite already"),
        ("tables: [", "while parsing"),
    ],
)
def test_a_mistake_names_the_file_and_the_cause(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "orders.yml").write_text(text)
    with pytest.raises(SuiteError, match=r"raw/orders\.yml") as raised:
        read_layer(tmp_path, "raw")
    assert complaint in str(raised.value)
