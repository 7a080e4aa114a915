"""The tables of the point-of-sale database, with the columns of the raw contract.

SQLite has no type for instants and dates: there they are ISO 8601 text with an offset. PostgreSQL has both.
"""

from typing import Any

from sqlalchemy import TIMESTAMP, Boolean, Column, Date, Integer, MetaData, Numeric, Table, Text
from sqlalchemy.types import TypeEngine

METADATA = MetaData()

INSTANT: TypeEngine[Any] = Text().with_variant(TIMESTAMP(timezone=True), "postgresql")
DAY: TypeEngine[Any] = Text().with_variant(Date(), "postgresql")
AMOUNT: TypeEngine[Any] = Numeric(18, 4, asdecimal=False)
FLAG: TypeEngine[Any] = Boolean()

_INSTANTS = ("updated_at", "deleted_at", "occurred_at", "enrolled_at")
_AMOUNTS = (
    "list_price",
    "stock_quantity",
    "subtotal",
    "discount",
    "tax",
    "total",
    "quantity",
    "unit_price",
    "points",
    "amount",
)
_FLAGS = ("consent_email", "consent_sms")
_TYPES: dict[str, TypeEngine[Any]] = {
    **dict.fromkeys(_INSTANTS, INSTANT),
    **dict.fromkeys(_AMOUNTS, AMOUNT),
    **dict.fromkeys(_FLAGS, FLAG),
    "birth_date": DAY,
    "line_number": Integer(),
}
_REQUIRED = frozenset({"updated_at", "occurred_at"})


def _table(name: str, keys: str, columns: str) -> Table:
    wanted = [*keys.split(), *columns.split()]
    return Table(
        name,
        METADATA,
        *(
            Column(
                column,
                _TYPES.get(column, Text()),
                primary_key=column in keys.split(),
                autoincrement=False,
                nullable=column not in _REQUIRED | set(keys.split()),
            )
            for column in wanted
        ),
    )


LOCATIONS = _table("locations", "location_id", "name kind banner timezone country updated_at")
PRODUCTS = _table(
    "products", "product_id", "name category banner list_price currency stock_quantity updated_at deleted_at"
)
MEMBERS = _table(
    "members",
    "member_id",
    "loyalty_id first_name last_name email phone birth_date postcode tier enrolled_at"
    " consent_email consent_sms updated_at deleted_at",
)
TRANSACTIONS = _table(
    "transactions",
    "transaction_id",
    "location_id register_id member_id customer_email customer_phone payment_token order_id kind currency"
    " subtotal discount tax total occurred_at updated_at",
)
TRANSACTION_LINES = _table(
    "transaction_lines",
    "transaction_id line_number",
    "product_id quantity unit_price discount returned_transaction_id updated_at",
)
LOYALTY_LEDGER = _table(
    "loyalty_ledger",
    "entry_id",
    "member_id kind points amount currency channel transaction_id order_id occurred_at updated_at",
)
STORE_VISITS = _table(
    "store_visits",
    "visit_id",
    "location_id member_id email phone device_id kind context_key context_id event employee_id notes"
    " occurred_at updated_at",
)
STORE_TABLES = tuple(METADATA.tables)


def raw_table(table: str) -> str:
    """Return the raw table of a table of the store database: ``members`` is ``store_members``."""
    return table if table.startswith("store_") else f"store_{table}"
