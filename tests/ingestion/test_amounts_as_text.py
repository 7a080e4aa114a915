"""Amounts that a store database and a cost file have as text: read if they have one meaning, else rejected."""

import sqlite3
from contextlib import closing

import pytest

from ingestion.sources import load
from tests.ingestion.place import Place, counts

T1 = "2026-05-01T10:00:00Z"
HEADER = "date,channel,campaign,currency,spend,impressions,clicks\n"


def test_an_amount_in_a_store_database_is_read_if_it_has_one_meaning(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = place.store
    with closing(sqlite3.connect(file)) as store:
        store.execute("CREATE TABLE transactions (transaction_id, total, currency, occurred_at, updated_at)")
        store.executemany(
            "INSERT INTO transactions VALUES (?, ?, ?, ?, ?)",
            [
                ("T1", "$1,234.50", "USD", T1, T1),
                ("T2", "1.234,50 €", None, T1, T1),
                ("T3", "(25.00)", "usd", T1, T1),
                ("T4", "free", "USD", T1, T1),
                ("T5", "24,99 €", "USD", T1, T1),
            ],
        )
        store.execute(
            "CREATE TABLE transaction_lines (transaction_id, line_number, quantity, unit_price, updated_at)"
        )
        store.execute("INSERT INTO transaction_lines VALUES ('T1', 1, '1,5', '$9.99', ?)", (T1,))
        store.commit()
    monkeypatch.setenv("SOURCES__STORE__CREDENTIALS", f"sqlite:///{file}")
    load("store")
    assert place.ask(
        "SELECT transaction_id, total::VARCHAR, currency FROM raw.store_transactions ORDER BY 1"
    ) == [("T1", "1234.5000", "USD"), ("T2", "1234.5000", "EUR"), ("T3", "-25.0000", "usd")]
    assert place.ask("SELECT quantity::VARCHAR, unit_price::VARCHAR FROM raw.store_transaction_lines") == [
        ("1.5000", "9.9900")
    ]
    assert sorted(place.column("SELECT detail FROM raw.rejects")) == [
        "total is 24,99 €, which is not an amount in its currency.",
        "total is free, which is not an amount in its currency.",
    ]


def test_a_spend_that_is_written_as_text_is_read_and_brings_its_currency(place: Place) -> None:
    rows = (
        '2026-05-01,paid,spring,USD,"$1,234.50",,\n'
        '2026-05-01,paid,summer,,"€ 24,99",,\n'
        '2026-05-01,paid,autumn,USD,"€ 24,99",,\n'
        "2026-05-01,paid,winter,USD,free,,\n"
    )
    place.land("ad_spend/a.csv", HEADER + rows, "marketing")
    assert counts(load("marketing"), "marketing_ad_spend") == (4, 2, 0, 2)
    assert place.ask("SELECT campaign, spend::VARCHAR, currency FROM raw.marketing_ad_spend ORDER BY 1") == [
        ("spring", "1234.5000", "USD"),
        ("summer", "24.9900", "EUR"),
    ]
    assert sorted(place.column("SELECT detail FROM raw.rejects")) == [
        "spend is free, which is not an amount in its currency.",
        "spend is € 24,99, which is not an amount in its currency.",
    ]
