"""Units: raw rows that are added and removed together, and belong to one customer.

An event is a unit, and so are a member, a receipt with its lines, a visit, a loyalty entry, a support user, and a
ticket with its comments, events and ratings.
"""

# The unit of a row, by raw table.
UNIT = {
    "web_events": "'web:' || message_id",
    "app_events": "'app:' || message_id",
    "marketing_events": "'marketing:' || message_id",
    "store_members": "'store:members:' || member_id",
    "store_transactions": "'store:transactions:' || transaction_id",
    "store_transaction_lines": "'store:transactions:' || transaction_id",
    "store_visits": "'store:visits:' || visit_id",
    "store_loyalty_ledger": "'store:loyalty_ledger:' || entry_id",
    "support_users": "'support:users:' || id",
    "support_tickets": "'support:tickets:' || id",
    "support_ticket_events": "'support:tickets:' || ticket_id",
    "support_satisfaction_ratings": "'support:tickets:' || ticket_id",
}
# Records about loads, which belong to no customer.
OF_LOADS = ("load_ledger", "rejects", "observed_fields")
# The key of a row in its table.
ROW = {
    "store_transaction_lines": "transaction_id || ':' || line_number",
    "support_ticket_events": "id",
    "support_satisfaction_ratings": "id",
}


def row_key(table: str) -> str:
    """Return SQL of the key of a row of a raw table, as text."""
    return ROW.get(table, UNIT[table])


# The unit of a ticket's message, by the ticket that it is of.
UNIT_OF_MESSAGE = "'support:tickets:' || messages.ticket_id"


def is_of_a_ticket(record_key: str) -> str:
    """Return SQL of whether a record is a message or rating of a ticket, and so belongs to the ticket's unit."""
    return f"({record_key} like 'support:comments:%' or {record_key} like 'support:satisfaction_ratings:%')"
