"""The settings of ingestion: dlt's own names, resolved by dlt; the warehouse and the clock by environment."""

import os
from datetime import UTC, datetime
from pathlib import Path

import dlt
from dlt.common.configuration.providers.toml import SettingsTomlProvider

from ingestion.errors import SettingError

# Without a `secrets.toml` dlt imports Streamlit, which takes a second, to look for secrets of a page of Streamlit.
SettingsTomlProvider._read_streamlit_secrets = lambda *_: None  # type: ignore[method-assign,assignment]

DEFAULTS = {
    ("web", "bucket_url"): "data/landing/web",
    ("app", "bucket_url"): "data/landing/app",
    ("marketing", "bucket_url"): "data/landing/marketing",
    ("store", "credentials"): "sqlite:///data/store.db",
    ("support", "base_url"): "http://127.0.0.1:8077",
}
YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}
# Hours of a hundred years: a span that may be taken from any date.
LARGEST_NUMBER = 1_000_000


def warehouse_path() -> Path:
    """Where the working warehouse is."""
    return Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb")


def run_at() -> datetime:
    """The clock of this run, in UTC: ``RUN_AT``, else now. Raises SettingError if that is no instant."""
    text = os.environ.get("RUN_AT")
    if not text:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise SettingError("clock", f"RUN_AT is {text!r}, which is not an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise SettingError("clock", f"RUN_AT is {text!r}, which has no offset; write Z or +hh:mm at its end")
    return moment.astimezone(UTC)


def variable(source: str, key: str) -> str:
    """Name the environment variable of a setting, as messages do."""
    return f"SOURCES__{source}__{key}".upper()


def setting(source: str, key: str) -> str:
    """Return a source's setting: from the environment, dlt's files, or else its default."""
    name = f"sources.{source}.{key}"
    value: object = dlt.secrets.get(name) or dlt.config.get(name) or DEFAULTS.get((source, key), "")
    return str(value).strip()


def number(source: str, key: str, default: float) -> float:
    """Return a numeric setting; raises SettingError naming the variable if it is not 0 to ``LARGEST_NUMBER``."""
    value = setting(source, key)
    try:
        given = float(value) if value else default
    except ValueError:
        # Alone: the cause below would be reported instead, and names no setting.
        raise SettingError(source, f"{variable(source, key)} is {value!r}, which is not a number") from None
    if not 0 <= given <= LARGEST_NUMBER:
        wanted = f"a number from 0 to {LARGEST_NUMBER:,}"
        raise SettingError(source, f"{variable(source, key)} is {value!r}, but must be {wanted}")
    return given


def flag(source: str, key: str) -> bool:
    """Return a setting that is false unless set; raises SettingError naming the variable if it is no yes or no."""
    value = setting(source, key)
    if value.lower() not in YES_OR_NO:
        raise SettingError(source, f"{variable(source, key)} is {value!r}, but must be true or false")
    return YES_OR_NO[value.lower()]


def is_default(source: str, key: str) -> bool:
    """Return whether this was not set: the environment is silent and the value is the one we ship."""
    in_environment = bool(os.environ.get(variable(source, key), "").strip())
    return not in_environment and setting(source, key) == DEFAULTS[(source, key)]
