"""Records that change in place: compared by key with what the warehouse holds, and merged.

    staged (a row a record read) ─ newest of each key ─ same hash as loaded? ─ duplicate
                                                     └ new or changed ─ fresh ─ appended or merged

The store's rows, the support desk's objects and the advertising costs go this way.
"""

from dataclasses import dataclass

from ingestion.load.batch import Batch
from ingestion.load.erased import pass_over_rows
from ingestion.load.fields import fields_of_rows
from ingestion.load.ledger import counts_of, ledger_query
from ingestion.load.rejects import REJECTS_QUERY, make_rejects
from ingestion.run import Run, Workbench
from ingestion.tables import SQL_TYPES, Column, RawTable
from storage.sql import literal

BOOKKEEPING = (
    Column("object"),
    Column("position", "bigint"),
    Column("locator"),
    Column("reason"),
    Column("detail"),
    Column("record"),
    Column("is_outdated", "bool"),
)


@dataclass(frozen=True)
class Staged:
    """Records of one raw table in the workbench; ``newest`` orders those of one key, newest first.

    ``objects`` is a query for object, bytes, checksum and modified_at of what was read. With
    ``rewrites_same`` a row that says the same as the loaded one takes its place, so that it is known to
    come from the later file; it counts as a duplicate all the same.
    """

    table: RawTable
    newest: str
    objects: str
    rewrites_same: bool = False

    @property
    def name(self) -> str:
        """The staging table."""
        return f"staged_{self.table.name}"

    @property
    def fresh(self) -> str:
        """The table of the positions of the records that are to be loaded."""
        return f"fresh_{self.table.name}"


def make_staged(bench: Workbench, staged: Staged) -> None:
    """Make the empty staging table: the raw table's columns but ``loaded_at``, and the bookkeeping."""
    own = [column for column in staged.table.columns if column.name != "loaded_at"]
    listed = ", ".join(f'"{column.name}" {SQL_TYPES[column.kind]}' for column in (*own, *BOOKKEEPING))
    bench.run(f"CREATE OR REPLACE TEMPORARY TABLE {staged.name} ({listed})")


def compare(bench: Workbench, run: Run, all_staged: list[Staged], *, keeps_account: bool = False) -> Batch:
    """Find what is new or changed among the staged records, and make the batch that loads it.

    The batch has no queries if every record was known: reading the overlap again is no news. With
    ``keeps_account`` it has the ledger's rows nevertheless, as landed files must.
    """
    merged = set()
    with bench.with_warehouse():
        for staged in all_staged:
            pass_over_rows(bench, run, staged.table.name, staged.name)
            if _find_fresh(bench, staged):
                merged.add(staged.table.name)
        found = " UNION ALL ".join(_rejected(staged) for staged in all_staged)
        if make_rejects(bench, run, found):
            merged.add("rejects")
    ledger = ledger_query(run, " UNION ALL ".join(_counted(staged) for staged in all_staged))
    counts = counts_of(bench, ledger)
    loads = sum(bench.number(f"SELECT count(*) FROM {staged.fresh}") for staged in all_staged)
    rejects = bench.number("SELECT count(*) FROM rejects")
    if not (loads or rejects or keeps_account):
        return Batch(bench, {}, counts=counts)
    queries = {staged.table.name: _loadable(run, staged) for staged in all_staged}
    return Batch(
        bench,
        {
            **queries,
            "load_ledger": ledger,
            "rejects": REJECTS_QUERY,
            "observed_fields": fields_of_rows(
                run, {staged.table: _fresh_rows(staged) for staged in all_staged}
            ),
        },
        merged=frozenset(merged),
        counts=counts,
    )


def _find_fresh(bench: Workbench, staged: Staged) -> bool:
    """Make the table of fresh positions; returns whether any of their keys is in the warehouse."""
    keys = ", ".join(f'"{name}"' for name in staged.table.key)
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE {staged.fresh} AS
        SELECT position, {keys}, record_hash, true AS is_news FROM {staged.name}
        WHERE reason IS NULL AND is_outdated IS NOT true
        QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY {staged.newest}) = 1""")
    same = " AND ".join(f'fresh."{name}" = loaded."{name}"' for name in staged.table.key)
    loaded = f"warehouse.raw.{staged.table.name} AS loaded"
    change = (
        "UPDATE {} AS fresh SET is_news = false FROM {}"
        if staged.rewrites_same
        else "DELETE FROM {} AS fresh USING {}"
    )
    bench.run(
        f"{change.format(staged.fresh, loaded)} WHERE {same} AND fresh.record_hash = loaded.record_hash"
    )
    return bool(bench.number(f"SELECT count(*) FROM {staged.fresh} AS fresh JOIN {loaded} ON {same}"))


def _loadable(run: Run, staged: Staged) -> str:
    bookkeeping = ", ".join(column.name for column in BOOKKEEPING)
    return f"""
        SELECT * EXCLUDE ({bookkeeping}), {run.clock} AS loaded_at
        FROM ({_fresh_rows(staged)})"""


def _fresh_rows(staged: Staged) -> str:
    return f"SELECT * FROM {staged.name} SEMI JOIN {staged.fresh} USING (position)"


def _counted(staged: Staged) -> str:
    return f"""
        SELECT objects.object, {literal(staged.table.name)} AS table_name,
            count(records.position) AS records_read,
            count(fresh.position) FILTER (fresh.is_news) AS records_loaded,
            count(records.reason) AS records_rejected, any_value(objects.bytes) AS bytes,
            any_value(objects.checksum) AS checksum, any_value(objects.modified_at) AS modified_at
        FROM ({staged.objects}) AS objects
        LEFT JOIN {staged.name} AS records ON records.object = objects.object
        LEFT JOIN {staged.fresh} AS fresh ON fresh.position = records.position
        GROUP BY objects.object"""


def _rejected(staged: Staged) -> str:
    return f"""
        SELECT object, {literal(staged.table.name)} AS table_name, position, locator, reason, detail, record
        FROM {staged.name} WHERE reason IS NOT NULL"""
