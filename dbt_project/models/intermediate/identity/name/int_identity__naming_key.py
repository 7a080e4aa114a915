"""One row per warehouse: the secret with which customer ids are hashed.

It is derived from IDENTITY_SALT, or random if that is not set. Like the registry of ids it is never replaced:
a different key would change the ids that new people get.
"""

import hashlib
import hmac
import os
import secrets

import pandas as pd


def naming_key():
    """Return a key of 64 characters. The salt cannot be found from it: the warehouse does not keep that."""
    salt = os.environ.get("IDENTITY_SALT") or secrets.token_hex(32)
    return hmac.new(salt.encode(), b"customer_id", hashlib.sha256).hexdigest()


def model(dbt, session):
    """Nothing in, (``naming_key``) out: one row the first time, none after it."""
    dbt.config(materialized="incremental", incremental_strategy="append", full_refresh=False)
    return pd.DataFrame({"naming_key": [] if dbt.is_incremental else [naming_key()]}, dtype="string")
