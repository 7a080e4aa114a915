"""Load packages afterwards: what a crash left half done is settled, what is long done is cleared away."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import dlt

from ingestion.load.ledger import TableCounts
from ingestion.run import Run
from storage.sessions import open_file

KEPT_PACKAGES = 20
# dlt writes a file under a random name of this form, and renames it when it is complete.
_INCOMPLETE_FILE = "[0-9a-f]" * 16
_LOADED_TABLES = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'raw' AND column_name = '_dlt_load_id' AND NOT starts_with(table_name, '_dlt')"""


def settle(warehouse: Path, load_ids: Sequence[str]) -> dict[str, TableCounts]:
    """Make finished packages exact, and return what they brought by raw table.

    A crash between the insertion of a file's rows and dlt's note of it inserts the rows again, as a whole;
    such copies are taken out.
    """
    counts: dict[str, TableCounts] = {}
    with open_file(warehouse) as connection:
        tables = connection.execute(_LOADED_TABLES).fetchall()
        for (table,) in tables:
            connection.execute(
                f"""
                DELETE FROM raw.{table} WHERE _dlt_load_id IN (SELECT unnest(?)) AND rowid NOT IN (
                    SELECT min(rowid) FROM raw.{table} AS whole
                    WHERE _dlt_load_id IN (SELECT unnest(?)) GROUP BY whole)""",
                [list(load_ids), list(load_ids)],
            )
        found = connection.execute(
            """
            SELECT table_name, sum(records_read)::BIGINT, sum(records_loaded)::BIGINT,
                sum(records_duplicate)::BIGINT, sum(records_rejected)::BIGINT
            FROM raw.load_ledger WHERE _dlt_load_id IN (SELECT unnest(?)) GROUP BY table_name""",
            [list(load_ids)],
        )
        for table, *numbers in found.fetchall():
            counts[table] = TableCounts(*numbers)
    return counts


def clear_half_made(pipeline: dlt.Pipeline) -> None:
    """Remove the packages and files that a killed run had not completed; dlt would fail at such a package every time.

    dlt makes a package under another name and renames it when it is complete, first when it is extracted, then
    when it is normalised. Only then it is loaded: nothing that is removed here is in the warehouse, and all of it
    is read again.
    """
    folder = Path(pipeline.working_dir)
    for file in folder.rglob(_INCOMPLETE_FILE):
        if file.is_file():
            file.unlink()
    extracted, normalized = folder / "normalize" / "extracted", folder / "load" / "normalized"
    half_made = [
        *(one for one in (folder / "normalize").glob("*/") if one != extracted),
        *(folder / "load" / "new").glob("*/"),
        # A package is taken from here once it is normalised, file by file.
        *(one for one in extracted.glob("*/") if (normalized / one.name).exists()),
    ]
    for left in half_made:
        shutil.rmtree(left)
    if pipeline.list_extracted_load_packages():
        # Extracted only: dlt would normalise it by the schema that it had before, in which merges are appends.
        pipeline.abort_packages()


def forget_old_packages(pipeline: dlt.Pipeline) -> None:
    """Remove what dlt keeps of finished packages, but for the last ones: it is for looking up only."""
    loaded = Path(pipeline.working_dir) / "load" / "loaded"
    for load_id in pipeline.list_completed_load_packages()[:-KEPT_PACKAGES]:
        shutil.rmtree(loaded / load_id, ignore_errors=True)


class Unsettled:
    """The ids of packages that are being finished, in a file: a second crash must not hide that they are."""

    def __init__(self, run: Run) -> None:
        self._note = run.pipelines / f"{run.source}.unsettled"

    def add(self, load_ids: Sequence[str]) -> None:
        """Note packages before they are finished."""
        with self._note.open("a") as note:
            note.writelines(f"{load_id}\n" for load_id in load_ids)

    def load_ids(self) -> list[str]:
        """Return what was noted."""
        return sorted(set(self._note.read_text().split())) if self._note.exists() else []

    def clear(self) -> None:
        """Forget what is settled."""
        self._note.unlink(missing_ok=True)
