"""Who of an audience may be contacted now, who not and why: each member counts once, at the first reason.

`in` is the warehouse's schema of marts. Unknown consent is no consent.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from activation.definitions import ADS, Audience, AudienceError
from storage.sessions import open_file

SENT, HELD_OUT = "sent", "held_out"
# In the order in which they are checked.
REASONS = ("internal", "no_contact", "suppressed", "no_consent", "frequency_cap", HELD_OUT)
CONTACTS = {"email": "email", "sms": "phone", "push": "email", ADS: "email"}
# The number of parts from which hold-outs are drawn.
_PARTS = 10_000


@dataclass(frozen=True)
class Member:
    """A member of an audience; `outcome` is SENT, or the reason why not. `consent` is the statement that allows it."""

    customer_id: str
    email: str | None
    phone: str | None
    consent: str | None
    outcome: str


def members_of(audience: Audience, warehouse: Path, now: datetime, memory_limit: str = "1GB") -> list[Member]:
    """Return all members of an audience with their outcome. Raises AudienceError if its SQL does not give customers."""
    with closing(_opened(warehouse, memory_limit)) as connection:
        connection.execute("SET search_path = 'marts'")
        _check_segment(connection, audience)
        # SQL from a YAML file may read the marts, and nothing else on the machine.
        connection.execute("SET enable_external_access = false")
        try:
            rows = connection.execute(
                _QUERY.format(
                    members=audience.sql.strip().rstrip(";"),
                    contact=CONTACTS[audience.channel],
                    consent=_CONSENT_TO_ADS if audience.channel == ADS else _CONSENT_TO_MESSAGES,
                ),
                _parameters(audience, now),
            ).fetchall()
        except duckdb.Error as error:
            raise AudienceError(f"The audience {audience.name} cannot be asked: {error}") from error
    return [Member(*row) for row in rows]


def counted(members: Sequence[Member]) -> Mapping[str, int]:
    """Count the members by outcome; every outcome has a count, and the counts add up to all members."""
    found = Counter(member.outcome for member in members)
    return {outcome: found[outcome] for outcome in (*REASONS, SENT)}


def _opened(warehouse: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    if not warehouse.exists():
        raise AudienceError(f"There is no warehouse at {warehouse}.")
    try:
        return open_file(warehouse, read_only=True, memory_limit=memory_limit)
    except duckdb.IOException as error:
        raise AudienceError(f"The warehouse {warehouse} cannot be read: {error}") from error


def _check_segment(connection: duckdb.DuckDBPyConnection, audience: Audience) -> None:
    """Raise AudienceError if the audience's segment is not in the seed: it would be empty."""
    if not audience.segment:
        return
    rows = connection.execute("SELECT segment FROM seeds.segments ORDER BY segment").fetchall()
    names = [name for (name,) in rows]
    if audience.segment not in names:
        raise AudienceError(
            f"The audience {audience.name} names the segment {audience.segment}, which is not in seeds/segments.csv; "
            f"there are {', '.join(names)}."
        )


def _parameters(audience: Audience, now: datetime) -> dict[str, object]:
    cap = audience.frequency_cap
    return {
        "channel": audience.channel,
        "purpose": audience.purpose,
        "now": now,
        "messages": cap.messages if cap else None,
        "days": cap.days if cap else 0,
        "audience": audience.name,
        "held_out": round(audience.holdout_share * _PARTS),
    }


_CONSENT_TO_MESSAGES = """
    SELECT customer_id, min(decided_by) AS consent, true AS is_granted
    FROM marts.dim_customer_consent
    WHERE purpose = $purpose AND channel = $channel AND status = 'granted' AND is_current GROUP BY customer_id"""
_CONSENT_TO_ADS = """
    SELECT customer_id, min(decided_by) AS consent, bool_and(status = 'granted') AS is_granted
    FROM marts.dim_customer_consent
    WHERE purpose = $purpose AND $channel = 'ads' AND is_current GROUP BY customer_id"""
_QUERY = f"""
    WITH members AS (SELECT DISTINCT customer_id FROM ({{members}}) AS asked WHERE customer_id IS NOT NULL),
    consents AS ({{consent}}),
    outreach AS (
        SELECT customer_id, count(*) AS messages FROM marts.fct_touchpoints
        WHERE direction = 'outbound' AND channel = $channel AND stage NOT IN ('fulfilment', 'service')
            AND occurred_at > $now::TIMESTAMP - to_days($days) AND occurred_at <= $now::TIMESTAMP
        GROUP BY customer_id),
    bounces AS (
        SELECT customer_id FROM marts.fct_touchpoints
        WHERE channel = $channel AND direction = 'outbound' GROUP BY customer_id
        HAVING ends_with(arg_max(touchpoint_type, occurred_at), 'bounced')),
    judged AS (
        SELECT customers.*, consents.consent,
            CASE
                WHEN is_internal THEN 'internal'
                WHEN {{contact}} IS NULL THEN 'no_contact'
                WHEN bounces.customer_id IS NOT NULL THEN 'suppressed'
                WHEN consents.is_granted IS NOT true THEN 'no_consent'
                WHEN outreach.messages >= $messages THEN 'frequency_cap'
                WHEN md5_number_lower($audience || customer_id) % {_PARTS} < $held_out THEN '{HELD_OUT}'
                ELSE '{SENT}'
            END AS outcome
        FROM marts.dim_customers AS customers SEMI JOIN members USING (customer_id)
        LEFT JOIN consents USING (customer_id) LEFT JOIN outreach USING (customer_id)
        LEFT JOIN bounces USING (customer_id))
    SELECT customer_id, email, phone, consent, outcome FROM judged ORDER BY customer_id"""
