"""Settings: read once, absolute, and refused in a sentence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.settings import SettingsError, read_settings


def test_defaults_are_the_documented_ones() -> None:
    settings = read_settings({})
    assert settings.warehouse == Path.cwd() / "data" / "warehouse.duckdb"
    assert settings.marts == Path.cwd() / "data" / "marts.duckdb"
    assert settings.dbt_project == Path.cwd() / "dbt_project"
    assert not settings.publish_pii
    assert settings.run_at is None


def test_the_clock_is_turned_into_utc() -> None:
    assert read_settings({"RUN_AT": "2026-04-30T14:00:00+02:00"}).run_at == datetime(
        2026, 4, 30, 12, tzinfo=UTC
    )


@pytest.mark.parametrize("text", ["2026-04-30T12:00:00", "yesterday"])
def test_a_clock_that_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=f"RUN_AT is '{text}'"):
        read_settings({"RUN_AT": text})


def test_a_webhook_that_is_no_address_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({"ALERTS_WEBHOOK_URL": "hooks.example/SECRET"})
    assert str(refused.value) == "ALERTS_WEBHOOK_URL must begin with https:// (or http://)."


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "soon"])
def test_an_age_that_is_no_number_of_hours_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=f"MARTS_STALE_AFTER_HOURS is '{text}'"):
        read_settings({"MARTS_STALE_AFTER_HOURS": text})


@pytest.mark.parametrize("text", ["4", "GB", "80%", "4 gigabytes"])
def test_memory_that_is_no_number_with_a_unit_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=f"WAREHOUSE_MEMORY is '{text}'"):
        read_settings({"WAREHOUSE_MEMORY": text})


@pytest.mark.parametrize(
    ("name", "text", "example"),
    [
        ("REPORTING_CURRENCY", "eur", "three capital letters as in EUR"),
        ("DEFAULT_PHONE_REGION", "Germany", "two capital letters as in DE"),
        ("IDENTITY_PROBABILISTIC", "1", "true or false"),
    ],
)
def test_a_setting_of_models_that_they_would_misread_is_refused(name: str, text: str, example: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({name: text})
    assert str(refused.value) == f"{name} is {text!r}, but must be {example}."


@pytest.mark.parametrize("marts", ["warehouse.duckdb", "WAREHOUSE.duckdb", "link.duckdb"])
def test_marts_in_the_place_of_the_warehouse_are_refused(tmp_path: Path, marts: str) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    (tmp_path / "link.duckdb").symlink_to(warehouse)
    with pytest.raises(
        SettingsError, match=f"^MARTS_PATH leads to {tmp_path / marts}, which is the warehouse"
    ):
        read_settings({"WAREHOUSE_PATH": str(warehouse), "MARTS_PATH": str(tmp_path / marts)})


@pytest.mark.parametrize(("text", "meant"), [("true", True), ("1", True), ("", False), ("False", False)])
def test_yes_and_no(text: str, meant: bool) -> None:
    assert read_settings({"PUBLISH_PII": text}).publish_pii is meant


def test_the_key_is_the_salt_or_one_of_our_own(tmp_path: Path) -> None:
    path = {"WAREHOUSE_PATH": str(tmp_path / "warehouse.duckdb")}
    assert read_settings({**path, "IDENTITY_SALT": "pepper"}).hashing_key() == "pepper"
    assert not list(tmp_path.iterdir())
    own = read_settings(path).hashing_key()
    assert len(own) == 64
    assert read_settings(path).hashing_key() == own


def test_names_are_published_nowhere_unless_a_place_is_set(tmp_path: Path) -> None:
    assert read_settings({}).private_marts is None
    assert read_settings({"MARTS_PRIVATE_PATH": " "}).private_marts is None
    private = tmp_path / "marts_private.duckdb"
    assert read_settings({"MARTS_PRIVATE_PATH": str(private)}).private_marts == private
    with pytest.raises(SettingsError, match="which is the published marts"):
        read_settings({"MARTS_PRIVATE_PATH": str(private), "MARTS_PATH": str(private)})
