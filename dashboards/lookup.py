"""Normalises and hashes search input on the server, so that it can be looked up in the published marts.

Addresses and numbers are normalised by the same functions as in the dbt models, and hashed with the publication's key,
which never leaves this process.
"""

import csv
import hashlib
import hmac
import os
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from publishing.secret import read_key
from stewardship.warehouse import project_path, warehouse_path

_MODELS = Path("models/intermediate/identity/observe")
_PROVIDERS = Path("seeds/email_provider_rules.csv")
_CUSTOMER_ID = "cus_"


class NoKeyError(RuntimeError):
    """The key of hashed values is not on this machine; the message says what to do."""


def customer_ids(typed: str) -> list[str]:
    """Return the input if it is a customer id."""
    text = typed.strip()
    return [text] if text.startswith(_CUSTOMER_ID) else []


def order_numbers(typed: str) -> list[str]:
    """Return the order and receipt numbers that the input may be; these are published unchanged."""
    text = typed.strip()
    return [] if "@" in text or not text else list(dict.fromkeys([text, text.upper()]))


def published_values(typed: str, *, has_personal_data: bool = False) -> list[str]:
    """Return the published values of identifiers that the input may be.

    Raises NoKeyError if they are hashed with a key that this machine does not have.
    """
    values = normalised(typed)
    if has_personal_data:
        return values
    secret = key()
    return [hmac.new(secret, value.encode(), hashlib.sha256).hexdigest() for value in values]


def normalised(typed: str) -> list[str]:
    """Return the identifiers that the input may be: as typed, as an address, as a phone number."""
    text = typed.strip()
    if not text:
        return []
    region = os.environ.get("DEFAULT_PHONE_REGION") or "US"
    found = [
        text,
        text.upper(),
        _model("emails").mailbox(text, _providers()),
        _model("phones").e164(text, region),
    ]
    return list(dict.fromkeys(value for value in found if value))


def key() -> bytes:
    """Return the key of hashed values; raises NoKeyError if this machine does not have it."""
    secret = os.environ.get("IDENTITY_SALT") or read_key(warehouse_path().with_name(".identity_salt"))
    if not secret:
        raise NoKeyError(
            "Addresses and numbers are hashed with a key that is not on this machine: set IDENTITY_SALT to the key of "
            "the pipeline, or search by customer id."
        )
    return secret.encode()


@lru_cache
def _model(name: str) -> ModuleType:
    """Load a Python model of the dbt project, which cannot be imported by name."""
    path = project_path() / _MODELS / f"int_identity__{name}.py"
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None, path
    assert spec.loader is not None, path
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache
def _providers() -> dict[str, dict[str, Any]]:
    with (project_path() / _PROVIDERS).open(newline="", encoding="utf-8") as file:
        return {
            row["domain"]: {
                "canonical_domain": row["canonical_domain"],
                "ignores_dots": row["ignores_dots"] == "true",
                "plus_alias": row["plus_alias"] == "true",
            }
            for row in csv.DictReader(file)
        }
