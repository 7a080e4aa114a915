"""Mobile app events: Segment messages that land as files.

SOURCES__APP__BUCKET_URL/**/*.jsonl, .json, .gz ─ events ─ raw.app_events · load_ledger · rejects
"""

from collections.abc import Iterator

import dlt
from dlt.extract import DltResource

from ingestion import landing
from ingestion.batch import Batch, resource_of
from ingestion.events import event_batches
from ingestion.pipeline import main
from ingestion.run import Run
from ingestion.tables import ACCOUNTS, RawTable, events_table

TABLES: tuple[RawTable, ...] = (events_table("app"),)


@dlt.source(name="app")
def app_source(batch: Batch | None = None) -> list[DltResource]:
    """Declare the raw tables of this source; they bring the rows of ``batch``."""
    return [resource_of(table, batch) for table in (*TABLES, *ACCOUNTS)]


def check_configured() -> None:
    """Raise NotConfiguredError if there is neither a setting nor the default folder."""
    landing.check_configured("app")


def batches(run: Run) -> Iterator[Batch]:
    """Yield what is new, a load package at a time."""
    yield from event_batches(run, TABLES[0])


if __name__ == "__main__":
    main("app")
