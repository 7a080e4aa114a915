"""The five sources, and `load`, which brings what is new in one of them into the warehouse.

web, app, marketing ─ lines/ ─┐
├ batches ─ load/ ─ raw.* · load_ledger · rejects · observed_fields
store, support ───── keyed/ ──┘
"""

from collections.abc import Iterator
from functools import partial

from ingestion.errors import SourceError
from ingestion.keyed import store, support
from ingestion.lines import landing
from ingestion.lines.ad_spend import ad_spend_batches
from ingestion.lines.events import event_batches
from ingestion.load.batch import Batch, Source
from ingestion.load.ledger import LoadReport
from ingestion.load.pipeline import load_source
from ingestion.run import Run
from ingestion.tables import AD_SPEND, RawTable, events_table


def _landed(name: str) -> Source:
    """Declare a source of Segment messages that land as files, .jsonl, .json or .gz, in any folder below its own."""
    table = events_table(name)
    return Source(
        name, (table,), partial(landing.check_configured, name), lambda run: event_batches(run, table)
    )


def _marketing() -> Source:
    """Declare messages of e-mail, push, SMS and social media, and what advertising cost (ad_spend/*.csv)."""
    messages = _landed("marketing")

    def batches(run: Run) -> Iterator[Batch]:
        # What one half cannot read does not stop the other.
        problems = []
        for half in (messages.batches(run), ad_spend_batches(run)):
            try:
                yield from half
            except SourceError as error:
                problems.append(error.message)
        if problems:
            raise SourceError(run.source, "; ".join(problems))

    return Source(messages.name, (*messages.tables, AD_SPEND), messages.check_configured, batches)


SOURCES: dict[str, Source] = {
    "web": _landed("web"),
    "app": _landed("app"),
    "marketing": _marketing(),
    "store": Source("store", store.TABLES, store.check_configured, store.batches),
    "support": Source("support", support.TABLES, support.check_configured, support.batches),
}
TABLES: tuple[RawTable, ...] = tuple(table for source in SOURCES.values() for table in source.tables)


def load(source_name: str) -> LoadReport:
    """Load what is new in a source into the warehouse.

    Returns a report with the status ``loaded`` or ``not_configured``. Raises SourceError, with the report of
    what was loaded nonetheless, if the source is configured but broken.
    """
    if source_name not in SOURCES:
        raise ValueError(f"There is no source {source_name!r}; the sources are {', '.join(SOURCES)}")
    return load_source(SOURCES[source_name], TABLES)
