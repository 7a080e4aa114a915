"""The tables of a point-of-sale database, the raw tables that they become, and the zones of their times.

SOURCES__STORE__TIMEZONE is the zone of timestamps without an offset. When something happened is written by the clock of
its location, so ``occurred_at`` is read in the location's zone if ``locations.timezone`` has one, unless the database
keeps everything in UTC. As in PostgreSQL, an hour that comes twice, when the clock goes back, is read as the second one
(standard time), and an hour that does not come, when it goes forward, as the hour after it.
"""

from dataclasses import dataclass
from zoneinfo import available_timezones

from ingestion.errors import SettingError
from ingestion.keyed.texts import LocalTimes
from ingestion.load.fields import listed
from ingestion.run import Run, Workbench
from ingestion.settings import setting, variable
from ingestion.tables import EXTRAS, HASH_AND_CLOCK, Column, Kind, RawTable
from storage.sql import literal

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
_ZONE = "timezone"
_UTC = ("UTC", "Etc/UTC")
_BY_LOCATION = "occurred_at"


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


@dataclass(frozen=True)
class StoreZones:
    """The zone of the database, empty where none is set."""

    zone: str

    @classmethod
    def of_settings(cls) -> "StoreZones":
        """Read the setting; raises SettingError if it is no time zone."""
        zone = setting("store", _ZONE)
        if zone and zone not in available_timezones():
            wanted = "a time zone as in Europe/Berlin or UTC"
            raise SettingError("store", f"{variable('store', _ZONE)} is {zone!r}, but must be {wanted}")
        return cls(zone)

    def of_table(self, table: StoreTable) -> LocalTimes:
        """Say how the times of a table are read."""
        hint = f"{variable('store', _ZONE)} says in which zone times without one are"
        if not self.zone:
            return LocalTimes(hint)
        zones = {_BY_LOCATION: "zone_of_location"} if self.is_by_location(table) else {}
        return LocalTimes(hint, literal(self.zone), zones)

    def is_by_location(self, table: StoreTable) -> bool:
        """Return whether rows of a table name a location whose zone counts."""
        names = {column.name for column in table.columns}
        return bool(self.zone) and self.zone not in _UTC and {"location_id", _BY_LOCATION} <= names

    def zone_of_row(self, table: StoreTable) -> str:
        """Write the SQL of the column ``zone_of_location`` of arrived rows, with a comma before it."""
        if not self.is_by_location(table):
            return ""
        found = (
            "SELECT any_value(zone) FROM zones WHERE zones.location_id = trim(arrived.location_id::VARCHAR)"
        )
        return f", coalesce(({found}), {literal(self.zone)}) AS zone_of_location"

    def make_table(self, bench: Workbench, run: Run, *, staged: bool) -> None:
        """Make the table of the zones of locations: what this run has staged, else what the warehouse has."""
        arrived = "SELECT location_id, timezone, 1 AS age FROM staged_store_locations WHERE reason IS NULL"
        with bench.with_warehouse():
            bench.run(f"""
                CREATE OR REPLACE TEMPORARY TABLE zones AS
                WITH given AS (
                    SELECT location_id, timezone, 0 AS age FROM warehouse.raw.store_locations
                    {f"UNION ALL {arrived}" if staged else ""}),
                newest AS (
                    SELECT location_id, arg_max(trim(timezone), age) AS named
                    FROM given WHERE trim(timezone) <> '' GROUP BY location_id)
                SELECT location_id, named, name AS zone FROM newest LEFT JOIN pg_timezone_names() ON name = named""")
        unknown = {str(name) for (name,) in bench.rows("SELECT DISTINCT named FROM zones WHERE zone IS NULL")}
        if unknown:
            run.notes.append(f"Locations have time zones that are not known: {listed(unknown)}.")
