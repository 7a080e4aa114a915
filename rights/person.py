"""The customer of an identifier, and the identifiers that only this person has.

This is the only file that reads the tables of identity. `old` is the warehouse, attached.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from rights.places import RightsError

OWNERS = "old.marts.identity_map"
RECORDS = "old.intermediate.int_identity__record_customers"
CARRIED_BY = "old.intermediate.int_identity__identifiers"
SPELLINGS = "old.intermediate.int_identity__values"
REDIRECTS = "old.marts.customer_id_redirects"
NOBODYS = "old.marts.identity_quarantine"
BY_ID = "customer_id"


@dataclass(frozen=True)
class Person:
    """A customer: all its ids, the current one first."""

    customer_ids: tuple[str, ...]


def find_person(connection: duckdb.DuckDBPyConnection, who: Sequence[str]) -> Person:
    """Find the customers of identifiers, each ``type:value`` raw or normalised, and their retired ids.

    Raises RightsError for an unknown identifier, and for one that several people share.
    """
    found = {customer for each in who for customer in _customers_of(connection, each)}
    retired = connection.execute(
        f"SELECT retired_customer_id FROM {REDIRECTS} WHERE list_contains($ids, customer_id) ORDER BY 1",
        {"ids": list(found)},
    ).fetchall()
    return Person((*sorted(found), *(each for (each,) in retired)))


def _customers_of(connection: duckdb.DuckDBPyConnection, who: str) -> set[str]:
    kind, colon, value = who.partition(":")
    if not colon or not value:
        raise RightsError(f"'{who}' is not of the form type:value, such as email:ana@example.org")
    if kind == BY_ID:
        rows = connection.execute(
            f"""
            SELECT DISTINCT customer_id FROM {OWNERS} WHERE customer_id = $value
            UNION SELECT customer_id FROM {REDIRECTS} WHERE retired_customer_id = $value
            """,
            {"value": value},
        ).fetchall()
    else:
        rows = connection.execute(
            f"""
            SELECT DISTINCT customer_id FROM {OWNERS}
            WHERE identifier_type = $kind AND (
                identifier_value = $value
                OR identifier_value IN (
                    SELECT identifier_value FROM {SPELLINGS} WHERE identifier_type = $kind AND raw_value = $value))
            """,
            {"kind": kind, "value": value},
        ).fetchall()
    if not rows:
        raise RightsError(_why_nobody(connection, kind, value))
    return {customer for (customer,) in rows}


def _why_nobody(connection: duckdb.DuckDBPyConnection, kind: str, value: str) -> str:
    found = connection.execute(
        f"SELECT people FROM {NOBODYS} WHERE identifier_type = ? AND identifier_value = ?", [kind, value]
    ).fetchone()
    if found:
        return (
            f"The {kind} is used by {found[0]} people, so it identifies none of them."
            " Use another identifier of the person."
        )
    return f"No customer has this {kind}."


def note_person(connection: duckdb.DuckDBPyConnection, person: Person) -> None:
    """Make the tables `mine` (the person's records), `my_nodes` (identifiers of nobody else) and `others_nodes`.

    A device is the person's own if no record of anybody else has it. Any other identifier is the person's own if the
    map assigns it to the person.
    """
    connection.execute(
        "CREATE OR REPLACE TEMPORARY TABLE my_ids AS SELECT unnest($ids) AS customer_id",
        {"ids": list(person.customer_ids)},
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMPORARY TABLE mine AS
        SELECT record_key, tier, resolved_by FROM {RECORDS} SEMI JOIN my_ids USING (customer_id)""")
    connection.execute(f"""
        CREATE OR REPLACE TEMPORARY TABLE seen_nodes AS
        SELECT node, identifier_type AS kind, identifier_value AS value, min(tier) AS tier
        FROM {CARRIED_BY} SEMI JOIN mine USING (record_key) GROUP BY ALL""")
    connection.execute(f"""
        CREATE OR REPLACE TEMPORARY TABLE my_nodes AS
        SELECT identifier_type || ':' || identifier_value AS node, identifier_type AS kind,
            identifier_value AS value, tier
        FROM {OWNERS} SEMI JOIN my_ids USING (customer_id) WHERE tier = 1
        UNION
        SELECT node, kind, value, tier FROM seen_nodes WHERE tier > 1 AND node NOT IN (
            SELECT node FROM {CARRIED_BY} SEMI JOIN seen_nodes USING (node) JOIN {RECORDS} USING (record_key)
            WHERE customer_id NOT IN (SELECT customer_id FROM my_ids))""")
    connection.execute(f"""
        CREATE OR REPLACE TEMPORARY TABLE others_nodes AS
        SELECT node FROM seen_nodes JOIN {OWNERS} AS owners
            ON seen_nodes.kind = owners.identifier_type AND seen_nodes.value = owners.identifier_value
        WHERE seen_nodes.tier = 1 AND customer_id NOT IN (SELECT customer_id FROM my_ids)""")
