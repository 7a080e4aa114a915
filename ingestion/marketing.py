"""Marketing: Segment messages of email, push, SMS and social media, and what was spent on advertising.

SOURCES__MARKETING__BUCKET_URL/**/*.jsonl, .json, .gz ─ events ─ raw.marketing_events
SOURCES__MARKETING__BUCKET_URL/ad_spend/*.csv ─ ad_spend ─ raw.marketing_ad_spend
both with load_ledger and rejects
"""

from collections.abc import Iterator

import dlt
from dlt.extract import DltResource

from ingestion import landing
from ingestion.ad_spend import ad_spend_batches
from ingestion.batch import Batch, resource_of
from ingestion.errors import SourceError
from ingestion.events import event_batches
from ingestion.pipeline import main
from ingestion.run import Run
from ingestion.tables import ACCOUNTS, AD_SPEND, RawTable, events_table

TABLES: tuple[RawTable, ...] = (events_table("marketing"), AD_SPEND)


@dlt.source(name="marketing")
def marketing_source(batch: Batch | None = None) -> list[DltResource]:
    """Declare the raw tables of this source; they bring the rows of ``batch``."""
    return [resource_of(table, batch) for table in (*TABLES, *ACCOUNTS)]


def check_configured() -> None:
    """Raise NotConfiguredError if there is neither a setting nor the default folder."""
    landing.check_configured("marketing")


def batches(run: Run) -> Iterator[Batch]:
    """Yield what is new, a load package at a time; what one half cannot read does not stop the other."""
    yield from _all_of(run, event_batches(run, TABLES[0]), ad_spend_batches(run))


def _all_of(run: Run, *halves: Iterator[Batch]) -> Iterator[Batch]:
    problems = []
    for half in halves:
        try:
            yield from half
        except SourceError as error:
            problems.append(error.message)
    if problems:
        raise SourceError(run.source, "; ".join(problems))


if __name__ == "__main__":
    main("marketing")
