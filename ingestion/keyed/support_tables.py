"""The objects of a Zendesk-compatible API, and the raw tables that they become."""

from ingestion.tables import EXTRAS, HASH_AND_CLOCK, Column, RawTable, columns

ID = Column("id", "bigint", nullable=False)
CREATED = Column("created_at", "timestamp", nullable=False)
UPDATED = Column("updated_at", "timestamp", nullable=False)

TICKETS = RawTable(
    "support_tickets",
    ("id",),
    (
        ID,
        *columns("requester_id assignee_id", "bigint"),
        *columns("subject description status priority"),
        *columns("via tags custom_fields", "json"),
        Column("external_id"),
        Column("satisfaction_rating", "json"),
        CREATED,
        UPDATED,
        EXTRAS,
        *HASH_AND_CLOCK,
    ),
)
USERS = RawTable(
    "support_users",
    ("id",),
    (
        ID,
        *columns("role name email phone external_id"),
        Column("shared_phone_number", "bool"),
        Column("tags", "json"),
        CREATED,
        UPDATED,
        EXTRAS,
        *HASH_AND_CLOCK,
    ),
)
TICKET_EVENTS = RawTable(
    "support_ticket_events",
    ("id",),
    (
        ID,
        Column("ticket_id", "bigint", required=True),
        CREATED,
        Column("updater_id", "bigint"),
        *columns("via child_events", "json"),
        EXTRAS,
        *HASH_AND_CLOCK,
    ),
)
SATISFACTION_RATINGS = RawTable(
    "support_satisfaction_ratings",
    ("id",),
    (
        ID,
        Column("ticket_id", "bigint", required=True),
        *columns("requester_id assignee_id", "bigint"),
        *columns("score comment"),
        CREATED,
        Column("updated_at", "timestamp"),
        EXTRAS,
        *HASH_AND_CLOCK,
    ),
)
