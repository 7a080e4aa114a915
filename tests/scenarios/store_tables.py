"""The tables of a point-of-sale database with the columns of the raw contract, as SQLite types."""

from collections.abc import Mapping

_TEXT_COLUMNS = {
    "locations": "name kind banner timezone country updated_at",
    "products": "name category banner currency updated_at deleted_at",
    "members": (
        "loyalty_id first_name last_name email phone birth_date postcode tier"
        " enrolled_at updated_at deleted_at"
    ),
    "transactions": (
        "location_id register_id member_id customer_email customer_phone payment_token order_id kind currency"
        " occurred_at updated_at"
    ),
    "transaction_lines": "product_id returned_transaction_id updated_at",
    "loyalty_ledger": "member_id kind currency channel transaction_id order_id occurred_at updated_at",
    "store_visits": (
        "location_id member_id email phone device_id kind context_key context_id event employee_id notes"
        " occurred_at updated_at"
    ),
}
_KEYS = {
    "locations": {"location_id": "text primary key"},
    "products": {"product_id": "text primary key"},
    "members": {"member_id": "text primary key"},
    "transactions": {"transaction_id": "text primary key"},
    "transaction_lines": {"transaction_id": "text not null", "line_number": "integer not null"},
    "loyalty_ledger": {"entry_id": "text primary key"},
    "store_visits": {"visit_id": "text primary key"},
}
_AMOUNTS = {
    "products": "list_price stock_quantity",
    "transactions": "subtotal discount tax total",
    "transaction_lines": "quantity unit_price discount",
    "loyalty_ledger": "points amount",
}
_FLAGS = {"members": "consent_email consent_sms"}


def _columns(table: str) -> dict[str, str]:
    return (
        _KEYS[table]
        | dict.fromkeys(_TEXT_COLUMNS[table].split(), "text")
        | dict.fromkeys(_AMOUNTS.get(table, "").split(), "numeric(18, 4)")
        | dict.fromkeys(_FLAGS.get(table, "").split(), "boolean")
    )


STORE_TABLES: Mapping[str, Mapping[str, str]] = {table: _columns(table) for table in _KEYS}
