"""The keys of a store's table, compared with those that the warehouse has.

A row that was inserted with an old ``updated_at`` is not among the changes since the cursor, and a row that is gone
is among no changes at all. So each run also reads the keys of each table, if it is not too large: what the
warehouse does not have is read, what only the warehouse has is marked as deleted. The hash of such a row is empty, so
that it counts as changed when it is there again.
"""

import logging
from dataclasses import dataclass

from ingestion.keyed.compare import Staged
from ingestion.keyed.store_database import StoreDatabase
from ingestion.keyed.store_tables import StoreTable
from ingestion.keyed.texts import converted
from ingestion.load.erased import forget_keys
from ingestion.run import Run, Workbench
from ingestion.settings import number, variable
from ingestion.tables import SQL_TYPES, Column
from storage.sql import literal

MOST_ROWS = 1_000_000.0
# A table of which so much is gone at once was emptied, restored or hidden rather than edited.
SUSPECT_ROWS, SUSPECT_SHARE = 1_000, 0.5
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeyCheck:
    """The check of one table; ``present`` and ``missing`` are tables of keys in the workbench."""

    run: Run
    bench: Workbench
    database: StoreDatabase
    table: StoreTable
    staged: Staged

    @property
    def _keys(self) -> str:
        return ", ".join(f'"{name}"' for name in self.table.key)

    @property
    def _key_columns(self) -> list[Column]:
        return [column for column in self.table.columns if column.name in self.table.key]

    @property
    def _loaded(self) -> str:
        return f"(SELECT {self._keys} FROM warehouse.raw.{self.table.raw.name} WHERE record_hash <> '')"

    def read_keys(self) -> bool:
        """Read the keys that the database has; False where there is nothing to compare, or too much.

        Before the rows are read: one that comes in between is then among the changes.
        """
        limit = number("store", "key_check_rows", MOST_ROWS)
        rows = self.database.count(self.table) if self._known_rows() else limit + 1
        if rows > limit:
            return False
        columns = self._key_columns
        texts = ", ".join(f'"{column.name}"::VARCHAR AS "{column.name}"' for column in columns)
        values = ", ".join(converted(column, columns) for column in columns)
        types = ", ".join(f'"{column.name}" {SQL_TYPES[column.kind]}' for column in columns)
        self.bench.run(f"CREATE OR REPLACE TEMPORARY TABLE present ({types})")
        for chunk in self.database.chunks(self.table, [], None, only=self.table.key):
            self.bench.connection.register("arrived", chunk)
            self.bench.run(f"INSERT INTO present SELECT {values} FROM (SELECT {texts} FROM arrived)")
            self.bench.connection.unregister("arrived")
        with self.bench.with_warehouse():
            forget_keys(self.bench, self.run, self.table.raw.name, "present")
        return True

    def _known_rows(self) -> int:
        with self.bench.with_warehouse():
            return self.bench.number(f"SELECT count(*) FROM {self._loaded}")

    def find_missing(self) -> int:
        """Find the keys that neither this run nor one before has read; returns how many there are."""
        locator = f"concat_ws(', ', {self._keys})"
        refused = f"""
            SELECT locator FROM warehouse.raw.rejects
            WHERE source = {literal(self.run.source)} AND object = {literal(self.table.name)}"""
        with self.bench.with_warehouse():
            self.bench.run(f"""
                CREATE OR REPLACE TEMPORARY TABLE missing AS
                SELECT DISTINCT {self._keys} FROM present
                ANTI JOIN {self.staged.name} USING ({self._keys}) ANTI JOIN {self._loaded} USING ({self._keys})
                WHERE {locator} NOT IN (SELECT locator FROM ({refused}) WHERE locator IS NOT NULL)
                    AND {" AND ".join(f'"{name}" IS NOT NULL' for name in self.table.key)}""")
        return self.bench.number("SELECT count(*) FROM missing")

    @property
    def is_missing(self) -> str:
        """Write the condition on arrived rows that leaves those whose keys are missing."""
        keys = ", ".join(converted(column, self._key_columns) for column in self._key_columns)
        return f"({keys}) IN (SELECT ({self._keys}) FROM missing)"

    def note_found(self, rows: int) -> None:
        """Say how many missing rows were read and can be loaded."""
        if rows:
            what = "row was" if rows == 1 else "rows were"
            self.run.notes.append(
                f"The table {self.table.name}: {rows:,} {what} missing, with an old updated_at, and read now."
            )

    def mark_gone(self) -> None:
        """Stage the rows that only the warehouse has, as deleted now."""
        name = self.table.raw.name
        with self.bench.with_warehouse():
            self.bench.run(f"""
                CREATE OR REPLACE TEMPORARY TABLE gone AS
                SELECT {self._keys} FROM {self._loaded}
                ANTI JOIN present USING ({self._keys}) ANTI JOIN {self.staged.name} USING ({self._keys})""")
            gone = self.bench.number("SELECT count(*) FROM gone")
            known = self.bench.number(f"SELECT count(*) FROM {self._loaded}")
            if not gone:
                return
            if gone > SUSPECT_ROWS and gone > known * SUSPECT_SHARE:
                self.run.notes.append(
                    f"The table {self.table.name}: {gone:,} of {known:,} rows are gone from the database. So many were"
                    " not marked as deleted; is the table whole?"
                )
                return
            self.bench.run(f"""
                INSERT INTO {self.staged.name} BY NAME
                SELECT * EXCLUDE (loaded_at, _dlt_load_id)
                    REPLACE (coalesce(deleted_at, {self.run.clock}) AS deleted_at, '' AS record_hash),
                    {literal(self.table.name)} AS object,
                    row_number() OVER () + (SELECT coalesce(max(position), 0) FROM {self.staged.name}) AS position
                FROM warehouse.raw.{name} SEMI JOIN gone USING ({self._keys})
                WHERE record_hash <> ''""")
        what = "row is" if gone == 1 else "rows are"
        self.run.notes.append(
            f"The table {self.table.name}: {gone:,} {what} gone from the database and marked as deleted."
        )

    def note_difference(self) -> None:
        """Say that a table whose keys are not compared has more rows than the warehouse, if it has any."""
        if not self._known_rows():
            return
        rows = self.database.count(self.table)
        with self.bench.with_warehouse():
            known = self.bench.number(f"""
                SELECT count(*) FROM (
                    FROM {self._loaded} UNION SELECT {self._keys} FROM {self.staged.name} WHERE reason IS NULL)""")
            known += self.bench.number(f"""
                SELECT count(DISTINCT locator) FROM warehouse.raw.rejects
                WHERE source = {literal(self.run.source)} AND object = {literal(self.table.name)}""")
        if rows > known:
            self.run.notes.append(
                f"The table {self.table.name} has {rows:,} rows, of which {known:,} are known. It is too large for its"
                f" keys to be compared ({variable('store', 'key_check_rows')});"
                f" {variable('store', 'full_read')}=true reads the rest."
            )
