"""Speed of ingestion of landed web events, compared with DuckDB reading the same files.

The anchor is ``read_json`` with explicit columns into a table of a database file. Both run in processes of
their own, in turns; their times begin after their imports. ``python -m benchmarks.ingest_events`` runs it.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.turns import Figures, in_turns, report_figures

EVENTS = 1_000_000
FILES = 8
ROUNDS = 3
SIDES = {"anchor": "anchor", "ingestion": "ingestion"}
MOST_TIMES_THE_ANCHOR = 4.0
MOST_MEMORY_MB = 2_500
# One in so many events is repeated, as by clients that retry.
REPEATED = 200
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("Product Viewed", "Product Added", "Cart Viewed", "Checkout Started", "Order Completed")
ANCHOR_COLUMNS = {
    **dict.fromkeys(("messageId", "type", "event", "name", "anonymousId", "userId"), "VARCHAR"),
    **dict.fromkeys(("previousId", "groupId"), "VARCHAR"),
    **dict.fromkeys(("timestamp", "originalTimestamp", "sentAt", "receivedAt"), "TIMESTAMPTZ"),
    **dict.fromkeys(("context", "properties", "traits"), "JSON"),
}


def main() -> None:
    """Run both in turns, print medians, ratio and memory; exit with 1 if a limit is exceeded."""
    arguments = _arguments()
    if arguments.worker:
        report_figures(_seconds(arguments.worker, Path(arguments.folder)))
        return
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        landing = Path(folder) / "landing"
        print(f"writing {arguments.events:,} web events to {FILES} files", flush=True)
        size = write_events(landing, arguments.events)
        print(f"{size / 1e6:,.0f} MB; {ROUNDS} rounds, anchor and ingestion in turns", flush=True)
        runs = in_turns("benchmarks.ingest_events", SIDES, landing, ROUNDS)
    sys.exit(_verdict(runs))


def write_events(landing: Path, events: int) -> int:
    """Write ``events`` Segment messages of usual size, one a line, the same every time; return the bytes."""
    landing.mkdir(parents=True)
    rng = random.Random(7)
    per_file = -(-events // FILES)
    for number in range(FILES):
        share = range(number * per_file, min((number + 1) * per_file, events))
        with (landing / f"events-{number:02}.jsonl").open("w", encoding="utf-8") as file:
            line = ""
            for index in share:
                if index % REPEATED or not line:
                    line = json.dumps(_event(rng, index)) + "\n"
                file.write(line)
    return sum(path.stat().st_size for path in landing.iterdir())


def _event(rng: random.Random, index: int) -> dict[str, Any]:
    at = (BEGINNING + timedelta(seconds=3 * index, milliseconds=rng.randrange(1000))).isoformat(
        timespec="milliseconds"
    )
    at = at.replace("+00:00", "Z")
    person = rng.randrange(50_000)
    is_page = rng.random() < 0.4
    return {
        "messageId": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "type": "page" if is_page else "track",
        **({"name": "Product"} if is_page else {"event": rng.choice(NAMES)}),
        "anonymousId": f"anonymous-{person}",
        "userId": f"user-{person}" if person % 3 == 0 else None,
        **dict.fromkeys(("timestamp", "originalTimestamp", "sentAt", "receivedAt"), at),
        "context": {
            "page": {
                "url": f"https://shop.example/p/{rng.randrange(999)}",
                "referrer": "https://search.example/",
            },
            "campaign": {"source": "search", "medium": "cpc", "name": "spring"},
            "userAgent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36",
            "ip": f"192.0.2.{rng.randrange(256)}",
            "locale": "en-US",
            "timezone": "America/New_York",
            "sessionId": str(rng.randrange(10**9)),
        },
        "properties": {
            "product_id": f"sku-{rng.randrange(500)}",
            "price": round(rng.random() * 100, 2),
            "currency": "USD",
            "quantity": 1,
            "cart_id": f"cart-{person}",
        },
    }


def _seconds(name: str, landing: Path) -> float:
    """Run one of the two on a new database; return the wall time in seconds."""
    with tempfile.TemporaryDirectory(dir=landing.parent) as folder:
        return _anchor(landing, Path(folder)) if name == "anchor" else _ingestion(landing, Path(folder))


def _anchor(landing: Path, folder: Path) -> float:
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in ANCHOR_COLUMNS.items())
    started = time.monotonic()
    with duckdb.connect(str(folder / "anchor.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE events AS FROM read_json(?, format = 'newline_delimited',"
            f" columns = {{{columns}}})",
            [f"{landing}/*.jsonl"],
        )
    return time.monotonic() - started


def _ingestion(landing: Path, folder: Path) -> float:
    from ingestion.sources import load

    os.environ["SOURCES__WEB__BUCKET_URL"] = str(landing)
    os.environ["WAREHOUSE_PATH"] = str(folder / "warehouse.duckdb")
    os.environ["RUN_AT"] = (BEGINNING + timedelta(days=365)).isoformat()
    started = time.monotonic()
    report = load("web")
    seconds = time.monotonic() - started
    counts = report.tables["web_events"]
    if counts.rejected or counts.read != counts.loaded + counts.duplicate:
        raise RuntimeError(f"the benchmark's own events were not all loaded: {report}")
    return seconds


def _verdict(runs: dict[str, list[Figures]]) -> int:
    anchor = statistics.median(result["seconds"] for result in runs["anchor"])
    ours = statistics.median(result["seconds"] for result in runs["ingestion"])
    memory = max(result["memory_mb"] for result in runs["ingestion"])
    ratio = ours / anchor
    print(f"median: anchor {anchor:.1f} s, ingestion {ours:.1f} s")
    print(f"ingestion takes {ratio:.2f} times the anchor (at most {MOST_TIMES_THE_ANCHOR:g})")
    print(f"its peak memory is {memory:,.0f} MB (at most {MOST_MEMORY_MB:,})")
    return int(ratio > MOST_TIMES_THE_ANCHOR or memory > MOST_MEMORY_MB)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--worker", choices=tuple(SIDES), help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
