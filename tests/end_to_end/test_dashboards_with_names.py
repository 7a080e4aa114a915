"""The customer page with the private publication of the demo: names for signed-in visitors only."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest

from dashboards import signing_in
from dashboards.private import log_path
from publishing import publish_private
from publishing.private_marts import SETTING
from tests.end_to_end.dashboard_pages import looked_at, shown, text_of
from tests.end_to_end.workplace import State


@pytest.fixture(scope="module")
def private(first: State, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("private") / "marts_private.duckdb"
    with closing(duckdb.connect(str(first.place.marts), read_only=True)) as marts:
        version, run_at = (
            marts.execute("select version, run_at at time zone 'UTC' from publication").fetchone() or ()
        )
    assert publish_private(
        warehouse=first.place.warehouse,
        marts=first.place.marts,
        private=file,
        manifest=first.place.data / "dbt_target" / "manifest.json",
        version=version,
        run_at=run_at,
        sources={},
    )
    return file


@pytest.fixture
def person(first: State, ask: Any) -> Iterator[dict[str, str]]:
    """A customer with a name, an address and a text."""
    with closing(duckdb.connect(str(first.place.warehouse), read_only=True)) as warehouse:
        found = warehouse.execute(
            """
            select customer_id, full_name, email, said
            from marts.dim_customers
            inner join marts.mart_customer_timeline using (customer_id)
            where full_name is not null and email is not null and direction = 'inbound' and length(said) > 30
                and line_number <= 20
            order by customer_id, line_number
            limit 1
            """
        )
        names = [column[0] for column in found.description or ()]
        yield dict(zip(names, found.fetchone() or (), strict=True))


def test_nobody_sees_a_name_unasked(
    person: dict[str, str], private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not without the setting, not without a sign-in, and not before signing in."""
    signed_in = dict.fromkeys(["", str(private)], "lea") | {str(private): None}
    for setting, user in signed_in.items():
        monkeypatch.setenv(SETTING, setting)
        monkeypatch.setattr(signing_in, "user", lambda user=user: user)
        text = look_for(person["email"])
        assert person["customer_id"] in text
        assert person["full_name"] not in text
        assert person["said"][:30] not in text
    assert not log_path(private).exists()


def test_who_has_signed_in_sees_names_and_is_logged(
    person: dict[str, str], private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, str(private))
    monkeypatch.setattr(signing_in, "user", lambda: "lea")
    text = look_for(person["email"])
    assert person["full_name"] in text
    assert person["said"][:20].split("'")[0] in text
    looks = [json.loads(line) for line in log_path(private).read_text().splitlines()]
    assert [(look["user"], look["customer_id"]) for look in looks] == [("lea", person["customer_id"])]


def test_a_look_that_cannot_be_logged_is_masked(
    person: dict[str, str], private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SETTING, str(private))
    monkeypatch.setattr(signing_in, "user", lambda: "lea")
    log_path(private).unlink(missing_ok=True)
    log_path(private).mkdir()
    try:
        text = look_for(person["customer_id"])
    finally:
        log_path(private).rmdir()
    assert "Names are masked, because looks cannot be logged" in text
    assert person["full_name"] not in text


def look_for(typed: str) -> str:
    """Search on the customer page and return what it shows."""
    return text_of(looked_at(shown("customer").text_input(key="customer_search").set_value(typed).run()))
