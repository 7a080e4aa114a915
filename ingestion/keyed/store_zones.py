"""Store timestamps without an offset: the time zone in which they are read.

SOURCES__STORE__TIMEZONE is the zone of the database. When something happened is written by the clock of its
location, so ``occurred_at`` is read in the location's zone where ``locations.timezone`` has one, unless the database
keeps everything in UTC. An hour that comes twice, as the clock goes back, is read as the second one (standard time);
an hour that does not come, as it goes forward, is read as the hour after it. PostgreSQL does so, too.
"""

from dataclasses import dataclass
from zoneinfo import available_timezones

from ingestion.errors import SettingError
from ingestion.keyed.store_tables import StoreTable
from ingestion.keyed.texts import LocalTimes
from ingestion.load.fields import listed
from ingestion.run import Run, Workbench
from ingestion.settings import setting, variable
from storage.sql import literal

KEY = "timezone"
_UTC = ("UTC", "Etc/UTC")
_BY_LOCATION = "occurred_at"


@dataclass(frozen=True)
class StoreZones:
    """The zone of the database, empty where none is set."""

    zone: str

    @classmethod
    def of_settings(cls) -> "StoreZones":
        """Read the setting; raises SettingError if it is no time zone."""
        zone = setting("store", KEY)
        if zone and zone not in available_timezones():
            wanted = "a time zone as in Europe/Berlin or UTC"
            raise SettingError("store", f"{variable('store', KEY)} is {zone!r}, but must be {wanted}")
        return cls(zone)

    def of_table(self, table: StoreTable) -> LocalTimes:
        """Say how the times of a table are read."""
        hint = f"{variable('store', KEY)} says in which zone times without one are"
        if not self.zone:
            return LocalTimes(hint)
        zones = {_BY_LOCATION: "zone_of_location"} if self.is_by_location(table) else {}
        return LocalTimes(hint, literal(self.zone), zones)

    def is_by_location(self, table: StoreTable) -> bool:
        """Tell whether rows of a table name a location whose zone counts."""
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
