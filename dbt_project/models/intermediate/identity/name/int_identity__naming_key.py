"""One row per warehouse: the secret that customers' ids are made with.

It follows from IDENTITY_SALT where that is set, and is random else. Like the registry of ids it stays: with another
one, whoever has no id yet would get another one.
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
