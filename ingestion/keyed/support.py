"""The support desk: tickets, users, ticket events and ratings of a Zendesk-compatible API.

    SOURCES__SUPPORT__BASE_URL ─ pages since the newest object known, with an overlap ─ texts ─ typed or
        rejected ─ compared by id ─ raw.support_* (merged) · load_ledger · rejects

An export gives the oldest changes first. So when it breaks off, what came before is loaded, and the next
run goes on from there.
"""

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa

from ingestion.errors import NotConfiguredError, SourceError
from ingestion.keyed.compare import Staged, compare, make_staged
from ingestion.keyed.support_api import CursorExport, CursorPages, Page, Pages, SupportDesk, TimeExport
from ingestion.keyed.support_tables import SATISFACTION_RATINGS, TICKET_EVENTS, TICKETS, USERS
from ingestion.keyed.texts import slices, stage_texts
from ingestion.load.batch import Batch
from ingestion.load.fields import note_drift
from ingestion.records import joined
from ingestion.run import Run, Workbench
from ingestion.settings import is_default, number, setting, variable
from ingestion.tables import EXTRAS, RawTable
from storage.sessions import open_file
from storage.sql import literal

TABLES: tuple[RawTable, ...] = (TICKETS, USERS, TICKET_EVENTS, SATISFACTION_RATINGS)
OVERLAP_HOURS = 1.0
# A rating may be changed long after it was made, and is listed by when it was made.
RATING_OVERLAP_HOURS = 30 * 24.0
RECORDS_AT_ONCE, BYTES_AT_ONCE = 5_000, 16 * 1024**2
# Zendesk refuses a start that is not a minute old.
YOUNGEST_START_SECONDS = 61
NOT_SENT = ("extras", "record_hash", "loaded_at")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Endpoint:
    """A list of objects: where it is, how its pages hang together, and how its objects are ordered."""

    table: RawTable
    path: str
    paginator: Callable[[], Pages]
    changed_at: str
    params: dict[str, Any] = field(default_factory=dict)
    overlap_hours: float = 0.0
    is_oldest_first: bool = True
    # What Zendesk says it sends and nothing here needs: kept, and no news.
    known_extras: frozenset[str] = frozenset({"url"})

    @property
    def name(self) -> str:
        """The name of the list in an answer."""
        return self.table.name.removeprefix("support_")

    @property
    def staged(self) -> Staged:
        """Where its records are compared."""
        objects = f"SELECT object, bytes, checksum, NULL::TIMESTAMPTZ AS modified_at FROM pages_{self.name}"
        return Staged(self.table, f"{self.changed_at} DESC NULLS LAST, position DESC", objects)


ENDPOINTS = (
    Endpoint(
        TICKETS,
        "/api/v2/incremental/tickets/cursor.json",
        CursorExport,
        "updated_at",
        known_extras=frozenset({"url", "group_id", "problem_id"}),
    ),
    Endpoint(USERS, "/api/v2/incremental/users/cursor.json", CursorExport, "updated_at"),
    Endpoint(
        TICKET_EVENTS,
        "/api/v2/incremental/ticket_events.json",
        TimeExport,
        "created_at",
        params={"include": "comment_events"},
        known_extras=frozenset({"event_type", "system", "timestamp"}),
    ),
    Endpoint(
        SATISFACTION_RATINGS,
        "/api/v2/satisfaction_ratings.json",
        CursorPages,
        "coalesce(updated_at, created_at)",
        params={"page[size]": 100},
        overlap_hours=RATING_OVERLAP_HOURS,
        is_oldest_first=False,
    ),
)


def check_configured() -> None:
    """Raise NotConfiguredError if there is no setting and nothing listens at the default address."""
    url = setting("support", "base_url")
    if is_default("support", "base_url") and not _listens(url):
        name = variable("support", "base_url")
        raise NotConfiguredError(f"{name} is not set and nothing answers at {url}")
    if not setting("support", "api_token"):
        raise SourceError("support", f"{variable('support', 'api_token')} is not set, and {url} wants it")


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=2):
            return True
    except OSError:
        return False


def batches(run: Run) -> Iterator[Batch]:
    """Yield what is new or changed as one load package; then raise SourceError if the API broke off."""
    token, email = setting("support", "api_token"), setting("support", "email")
    desk = SupportDesk(setting("support", "base_url"), email, token)
    problem: SourceError | None = None
    staged: list[Staged] = []
    with run.workbench() as bench:
        for endpoint in ENDPOINTS:
            try:
                _stage(run, bench, desk, endpoint)
            except SourceError as error:
                problem = error
            if problem is None or endpoint.is_oldest_first:
                staged.append(endpoint.staged)
            if problem is not None:
                break
        batch = compare(bench, run, staged)
        yield batch
    if problem is not None:
        if any(count.loaded for count in batch.counts.values()):
            run.notes.append("What it brought before that is loaded, and the next run goes on from there.")
        raise problem


def _stage(run: Run, bench: Workbench, desk: SupportDesk, endpoint: Endpoint) -> None:
    """Read the pages of an endpoint into the workbench; what was read stays there if the API breaks off."""
    make_staged(bench, endpoint.staged)
    bench.run(
        f"CREATE OR REPLACE TEMPORARY TABLE pages_{endpoint.name} (object VARCHAR, bytes BIGINT, checksum VARCHAR)"
    )
    params = {**endpoint.params, "start_time": _start_time(run, endpoint)}
    waiting: list[Page] = []
    total = 0
    names: set[str] = set()
    try:
        for page in desk.pages(endpoint.path, endpoint.name, params, endpoint.paginator()):
            waiting.append(page)
            total += len(page.records)
            names.update(*(record for record in page.records if isinstance(record, dict)))
            if (
                sum(len(one.records) for one in waiting) >= RECORDS_AT_ONCE
                or sum(one.size for one in waiting) >= BYTES_AT_ONCE
            ):
                _stage_pages(run, bench, endpoint, waiting, total)
                waiting = []
    finally:
        _stage_pages(run, bench, endpoint, waiting, total)
        if names:
            _note_drift(run, endpoint, names)


def _note_drift(run: Run, endpoint: Endpoint, names: set[str]) -> None:
    """Say what the objects have beyond what is known, and what none has; raises SourceError if that is needed."""
    known = {column.name for column in endpoint.table.columns} - {*NOT_SENT}
    needed = {column.name for column in endpoint.table.columns if not column.nullable} - {*NOT_SENT}
    extras = names - known - endpoint.known_extras
    note_drift(run.notes, f"list {endpoint.name}", extras=extras, missing=known - names)
    if lacking := sorted(needed - names):
        raise SourceError(
            "support", f"{endpoint.path} answers with {endpoint.name} without {', '.join(lacking)}"
        )


def _stage_pages(run: Run, bench: Workbench, endpoint: Endpoint, pages: list[Page], total: int) -> None:
    if not pages:
        return
    log.info("support: %s, %d objects read", endpoint.name, total)
    first = total - sum(len(page.records) for page in pages)
    texts = [(page.address, _text_of(record)) for page in pages for record in page.records]
    arrived = pa.table(
        {
            "object": pa.array([address for address, _ in texts], pa.string()),
            "position": pa.array(range(first, first + len(texts)), pa.int64()),
            "record": pa.array([text for _, text in texts], pa.string()),
        }
    )
    for page in pages:
        bench.run(
            f"INSERT INTO pages_{endpoint.name} VALUES (?, ?, ?)", [page.address, page.size, page.checksum]
        )
    for piece in slices(arrived, BYTES_AT_ONCE):
        bench.connection.register("arrived", piece)
        stage_texts(bench, run, endpoint.staged, _texts(endpoint.table))
        bench.connection.unregister("arrived")


def _text_of(record: Any) -> str:
    text = json.dumps(record)
    return joined(json.dumps(record, ensure_ascii=False)) if r"\ud" in text else text


def _texts(table: RawTable) -> str:
    """Take the fields of the objects apart, each as text."""
    columns = [column for column in table.columns if column.name not in ("record_hash", "loaded_at")]
    kinds = {
        column.name: "JSON" if column.kind == "json" else "VARCHAR"
        for column in columns
        if column is not EXTRAS
    }
    structure = json.dumps(kinds)
    # Taking a known field away is patching it with null.
    others = f"json_merge_patch(record, {literal(json.dumps(dict.fromkeys(kinds)))})"
    fields = ", ".join(f'(fields."{name}")::VARCHAR AS "{name}"' for name in kinds)
    return f"""
        SELECT object, position, record, fault, nullif(extras, '{{}}') AS extras, {fields}
        FROM (
            SELECT *, CASE WHEN fault IS NULL THEN from_json(record, '{structure}') END AS fields,
                CASE WHEN fault IS NULL THEN {others}::VARCHAR END AS extras
            FROM (
                SELECT *, CASE WHEN NOT json_valid(record) THEN 'not_json'
                    WHEN record[1] <> '{{' THEN 'not_an_object' END AS fault
                FROM arrived))"""


def _start_time(run: Run, endpoint: Endpoint) -> int:
    """Return the start of the export, in seconds since 1970: the newest change known, less the overlap."""
    hours = max(number("support", "overlap_hours", OVERLAP_HOURS), endpoint.overlap_hours)
    question = f"SELECT epoch(max(least({endpoint.changed_at}, loaded_at))) FROM raw.{endpoint.table.name}"
    with open_file(run.warehouse) as connection:
        newest = (connection.execute(question).fetchone() or (None,))[0]
    if newest is None:
        return 0
    youngest = int(time.time()) - YOUNGEST_START_SECONDS
    return max(0, min(int(newest - hours * 3600), youngest))
