"""Passwords and tokens stay out of messages, out of addresses that every row carries, and out of the log."""

import pytest

from ingestion.errors import SourceError, has_secret, without_secrets
from ingestion.keyed.store_database import parsed_url
from ingestion.lines.landing import Landing
from orchestration.assets.ingest import unforeseen


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://u:p@ss@host/db is down", "postgresql://u:***@host/db is down"),
        ("s3://AKIA:SE/CRET@bucket/x", "s3://AKIA:***@bucket/x"),
        ("https://TOKEN@host/x", "https://***@host/x"),
        ("https://h/x?api_key=S&y=1&sas_token=S", "https://h/x?api_key=***&y=1&sas_token=***"),
        ("https://h/x?X-Amz-Signature=S is gone", "https://h/x?X-Amz-Signature=*** is gone"),
        (
            "AccountName=a;AccountKey=S/E==;E=x client_secret=S",
            "AccountName=a;AccountKey=***;E=x client_secret=***",
        ),
        ("password='a b\\' c' host=h sslpassword=S", "password=*** host=h sslpassword=***"),
        ('aws_credential = "a b" x', "aws_credential = *** x"),
    ],
)
def test_passwords_and_tokens_are_hidden(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "cannot read s3://lake/order_key=9/a.jsonl: no such key",
        'Duplicate key "message_id: abc"',
        "http://127.0.0.1:8077/api/v2/tickets.json?cursor=abc answers 400",
        "abfss://lake@account.dfs.core.windows.net/web needs credentials",
    ],
)
def test_what_is_no_secret_is_shown(text: str) -> None:
    assert without_secrets(text) == text


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("postgresql://pos:hunter@fish@127.0.0.1:1/till", "has an @ too many"),
        ("postgresql://pos:hunter@fi/sh@127.0.0.1:1/till", "has an @ too many"),
        ("postgresql://pos:hunter@fi:sh@127.0.0.1/till", "is not a database URL"),
        ("hunter:fish", "is not a database URL"),
    ],
)
def test_a_password_with_signs_of_its_own_is_said_to_be_so_without_it(address: str, problem: str) -> None:
    named = f"SOURCES__STORE__CREDENTIALS {problem}; in a password, write @ as %40"
    with pytest.raises(SourceError, match=named) as failed:
        parsed_url(address)
    assert not [part for part in ("hunter", "fi", "sh@") if part in str(failed.value)]


@pytest.mark.parametrize(
    "url",
    ["memory://u:hunter@fish@lake/web", "memory://u:hunter/fish@lake", "memory://lake/web?sas_token=fish"],
)
def test_an_address_that_holds_a_password_is_refused_before_rows_carry_it(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SOURCES__WEB__BUCKET_URL", url)
    with pytest.raises(SourceError, match="web: SOURCES__WEB__BUCKET_URL holds a password") as failed:
        Landing("web")
    assert "fish" not in str(failed.value)
    assert not has_secret("s3://lake/key=7/a:b@c")
    assert not has_secret("abfss://lake@account.dfs.core.windows.net/web")


def test_an_error_that_nobody_foresaw_is_shown_without_passwords() -> None:
    report, trace = unforeseen("store", KeyError("postgresql://pos:fish@till"))
    assert report.message == "KeyError: 'postgresql://pos:***@till'"
    assert "pos:***@till" in trace
    assert "fish" not in trace
