"""An oracle for paths: pm4py reads variants and directly-follows counts out of a plain list of events."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any, cast

import duckdb
import pandas as pd
import pm4py  # type: ignore[import-untyped]  # it brings no types

from tests.end_to_end.ecom_messages import EcomEvent

# (case, activity), in the order in which it happened.
Event = tuple[str, str]
Variants = Counter[tuple[str, ...]]
SILENCE = timedelta(days=30)


@dataclass(frozen=True)
class Mined:
    """What pm4py finds: whole paths, pairs in a row, first and last activities, each with how often."""

    variants: Variants
    follows: Counter[tuple[str, str]]
    starts: Counter[str]
    ends: Counter[str]

    @property
    def collapsed(self) -> Variants:
        """The variants with repeats in a row counted once."""
        merged: Variants = Counter()
        for path, cases in self.variants.items():
            merged[tuple(activity for activity, _ in groupby(path))] += cases
        return merged


def mine(events: Iterable[Event]) -> Mined:
    """Ask pm4py; events get a second each, so that their order in the list is their order in time."""
    log = pd.DataFrame(list(events), columns=["case", "activity"])
    log["at"] = datetime(2026, 1, 1, tzinfo=UTC) + pd.to_timedelta(range(len(log)), unit="s")
    keys = {"case_id_key": "case", "activity_key": "activity", "timestamp_key": "at"}
    follows, starts, ends = pm4py.discover_dfg(log, **keys)
    variants = cast(dict[tuple[str, ...], int], pm4py.get_variants(log, **keys))
    return Mined(Counter(variants), Counter(follows), Counter(starts), Counter(ends))


def joined(variants: Variants) -> Counter[str]:
    """Write each path as one text."""
    return Counter({" > ".join(path): cases for path, cases in variants.items()})


def counted(marts: duckdb.DuckDBPyConnection, query: str) -> Counter[Any]:
    """Return the counts of a query's last column by the columns before it."""
    rows = marts.execute(query).fetchall()
    return Counter({row[:-1] if len(row) > 2 else row[0]: row[-1] for row in rows})


def in_order(events: Iterable[EcomEvent]) -> list[EcomEvent]:
    """Each user's events by time; those of one second by the touchpoint's id, as the marts have them."""
    return sorted(events, key=lambda e: (e.user_id, e.timestamp, f"{e.source}:{e.message_id}"))


def journeys_of(events: Sequence[EcomEvent]) -> dict[str, list[EcomEvent]]:
    """Cut a shop's ordered events into journeys by the book: after a purchase, and after 30 days of silence."""
    journeys: dict[str, list[EcomEvent]] = defaultdict(list)
    previous: EcomEvent | None = None
    number = 0
    for event in events:
        if previous is not None and ends_with(previous, event):
            number += 1
        journeys[f"{event.user_id}:{number}"].append(event)
        previous = event
    return dict(journeys)


def ends_with(previous: EcomEvent, event: EcomEvent) -> bool:
    """Return whether a journey ends with ``previous``, the user's last event before ``event``."""
    silence = datetime.fromisoformat(event.timestamp) - datetime.fromisoformat(previous.timestamp)
    return event.user_id != previous.user_id or previous.event == "purchase" or silence > SILENCE
