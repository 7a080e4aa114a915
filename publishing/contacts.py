"""Contacts in unexpected columns: an e-mail address as a coupon, a phone number in a campaign's name.

A column that dbt does not mark as personal is published unchanged, except for values that contain an e-mail address or
a phone number, also in URL encoding. Those are replaced by their keyed hash, so that they stay equal and can be joined.
Numbers without a plus or brackets count as ids; names cannot be distinguished from other words.
"""

from collections.abc import Iterable

import duckdb

from security.keyed_hash import hmac
from storage.sql import identifier

_ADDRESS = r"[^\s@](@|%(25)*40)[^\s@]+\.[a-z]{2,}"
_PHONE = r"(^|\W)(\+|%(25)*2b)[0-9][0-9 ().-]{7,}[0-9]|\([0-9]{3}\) ?[0-9]{3}-[0-9]{4}"
_CONTACT = f"(?i){_ADDRESS}|{_PHONE}"
# Every contact contains one of these, and searching for them is faster than the pattern.
_SIGNS = "@%+("


def columns_with_contacts(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[str], condition: str = ""
) -> frozenset[str]:
    """Return the text columns in which a value contains a contact, in rows of `condition` if it is given."""
    looked = {column: f"coalesce(bool_or({_has_a_contact(identifier(column))}), false)" for column in columns}
    if not looked:
        return frozenset()
    rows = f"{relation} where {condition}" if condition else relation
    found = connection.execute(f"select {', '.join(looked.values())} from {rows}").fetchone()
    assert found is not None, "an aggregate without grouping has one row"
    return frozenset(column for column, has in zip(looked, found, strict=True) if has)


def without_contacts(column: str) -> str:
    """Return SQL for the text in `column` with hashed contacts; call `set_key` first."""
    name = identifier(column)
    return f"case when {_has_a_contact(name)} then {hmac(name)} else {name} end as {name}"


def _has_a_contact(name: str) -> str:
    signs = " or ".join(f"contains({name}, '{sign}')" for sign in _SIGNS)
    return f"case when {signs} then regexp_matches({name}, '{_CONTACT}') else false end"
