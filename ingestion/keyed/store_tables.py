"""The tables of a point-of-sale database, and the raw tables that they become."""

from dataclasses import dataclass

from ingestion.tables import EXTRAS, HASH_AND_CLOCK, Column, Kind, RawTable

# Columns that are not text, whatever their table.
KINDS: dict[str, Kind] = {
    **dict.fromkeys(("updated_at", "deleted_at", "occurred_at", "enrolled_at"), "timestamp"),
    **dict.fromkeys(("list_price", "subtotal", "discount", "tax", "total", "amount"), "decimal"),
    **dict.fromkeys(("quantity", "unit_price", "points", "stock_quantity"), "decimal"),
    **dict.fromkeys(("consent_email", "consent_sms"), "bool"),
    "birth_date": "date",
    "line_number": "bigint",
}
# When a row was deleted: the database's own mark, or the time of the run that no longer found the row.
DELETED = "deleted_at"
# Columns without which a record says nothing: with the keys, all that a database must have.
REQUIRED = frozenset({"occurred_at", "updated_at"})


@dataclass(frozen=True)
class StoreTable:
    """A table of the database; ``columns`` are its own, ``raw`` adds the hash and the clock."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def raw(self) -> RawTable:
        """The raw table that it becomes."""
        name = self.name if self.name.startswith("store_") else f"store_{self.name}"
        return RawTable(name, self.key, (*self.columns, EXTRAS, *HASH_AND_CLOCK))


def _store_table(name: str, key: str, others: str) -> StoreTable:
    keys = tuple(key.split())
    others += "" if DELETED in others.split() else f" {DELETED}"
    columns = tuple(
        Column(column, KINDS.get(column, "text"), column not in (*keys, *REQUIRED))
        for column in (*keys, *others.split())
    )
    return StoreTable(name, keys, columns)


STORE_TABLES = (
    _store_table("locations", "location_id", "name kind banner timezone country updated_at"),
    _store_table(
        "products",
        "product_id",
        "name category banner list_price currency stock_quantity updated_at deleted_at",
    ),
    _store_table(
        "members",
        "member_id",
        "loyalty_id first_name last_name email phone birth_date postcode tier enrolled_at consent_email"
        " consent_sms updated_at deleted_at",
    ),
    _store_table(
        "transactions",
        "transaction_id",
        "location_id register_id member_id customer_email customer_phone payment_token order_id kind currency"
        " subtotal discount tax total occurred_at updated_at",
    ),
    _store_table(
        "transaction_lines",
        "transaction_id line_number",
        "product_id quantity unit_price discount returned_transaction_id updated_at",
    ),
    _store_table(
        "loyalty_ledger",
        "entry_id",
        "member_id kind points amount currency channel transaction_id order_id occurred_at updated_at",
    ),
    _store_table(
        "store_visits",
        "visit_id",
        "location_id member_id email phone device_id kind context_key context_id event employee_id notes"
        " occurred_at updated_at",
    ),
)
