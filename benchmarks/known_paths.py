"""Ten thousand public paths, sent as events of web and app, against the credits of the published marts.

The paths are those that the R package ChannelAttribution ships and the Python package mta repeats: 19,785 conversions
and 68,602 journeys without one, over 12 channels. Each path is that many people, each of its steps a visit on a
channel of ours. What the marts must say is computed here from the paths alone: first, last, linear and position-based
touch, and the classic totals of a Markov chain of order one by a linear solve with each channel taken away.
``python -m benchmarks.known_paths`` prints both, and exits with 1 where they differ.
"""

import argparse
import csv
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from benchmarks.refreshes import refreshed
from simulator.store_database import StoreDatabase

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
RUN_AT = "2026-07-01T00:00:00Z"
CLOSE_ENOUGH = 1e-4
# What a visit says of where it comes from; the last three come by themselves, on the website, in the app, on a kiosk.
CHANNELS: dict[str, tuple[str, dict[str, Any]]] = {
    "alpha": ("paid", {"campaign": {"source": "google", "medium": "cpc"}}),
    "beta": ("organic_search", {"page": {"referrer": "https://www.google.com/"}}),
    "delta": ("referral", {"page": {"referrer": "https://blog.example.net/"}}),
    "epsilon": ("affiliate", {"campaign": {"source": "partner", "medium": "affiliate"}}),
    "eta": ("email", {"campaign": {"source": "newsletter", "medium": "email"}}),
    "gamma": ("sms", {"campaign": {"source": "offers", "medium": "sms"}}),
    "iota": ("push", {"campaign": {"source": "offers", "medium": "push"}}),
    "kappa": ("social", {"campaign": {"source": "instagram", "medium": "social"}}),
    "lambda": ("ai_assistant", {"page": {"referrer": "https://chatgpt.com/"}}),
    "mi": ("web", {}),
    "theta": ("app", {"device": {"type": "ios"}}),
    "zeta": ("kiosk", {"device": {"type": "kiosk"}}),
}
Totals = dict[str, float]


@dataclass(frozen=True)
class KnownPath:
    """A path, and the numbers of people with and without a conversion."""

    channels: tuple[str, ...]
    conversions: int
    nulls: int


def main() -> None:
    """Send the paths, refresh, and compare; exit with 1 where a credit differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the databases stay; a temporary folder otherwise")
    parser.add_argument("--every", type=int, default=1, help="take every so many of the paths")
    options = parser.parse_args()
    paths = known_paths()[:: options.every]
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        sys.exit(0 if _holds(paths, folder) else 1)


def known_paths() -> list[KnownPath]:
    """Read the paths, with our names of channels."""
    found = find_spec("mta")
    if found is None or found.origin is None:
        raise SystemExit(
            "the package mta, which carries the paths, is not installed: make .venv/.test-data-installed"
        )
    with gzip.open(Path(found.origin).parent / "data" / "data.csv.gz", "rt", encoding="utf-8") as file:
        return [
            KnownPath(
                tuple(CHANNELS[name][0] for name in row["path"].split(" > ")),
                int(row["total_conversions"]),
                int(row["total_null"]),
            )
            for row in csv.DictReader(file)
        ]


def expected(paths: Sequence[KnownPath]) -> dict[str, Totals]:
    """Compute the conversions of each channel by each model."""
    totals: dict[str, Totals] = {
        model: dict.fromkeys((channel for channel, _ in CHANNELS.values()), 0.0)
        for model in ("first_touch", "last_touch", "linear", "position_based")
    }
    for path in paths:
        length = len(path.channels)
        totals["first_touch"][path.channels[0]] += path.conversions
        totals["last_touch"][path.channels[-1]] += path.conversions
        for position, channel in enumerate(path.channels):
            totals["linear"][channel] += path.conversions / length
            totals["position_based"][channel] += path.conversions * _position_weight(position, length)
    return totals | {"markov": markov_totals(paths)}


def _position_weight(position: int, length: int) -> float:
    """Return 40 % for the first and the last step, 20 % for those between; of two steps, half each."""
    if length <= 2:
        return 1 / length
    return 0.4 if position in (0, length - 1) else 0.2 / (length - 2)


def markov_totals(paths: Sequence[KnownPath]) -> Totals:
    """Share all conversions out in proportion to what is lost when a channel is taken away."""
    whole = _conversion_rate(paths, None)
    effects = {
        channel: 1 - _conversion_rate(paths, channel) / whole
        for channel in sorted({channel for path in paths for channel in path.channels})
    }
    conversions = sum(path.conversions for path in paths)
    return {channel: conversions * effect / sum(effects.values()) for channel, effect in effects.items()}


def _conversion_rate(paths: Sequence[KnownPath], removed: str | None) -> float:
    """Solve for the chance to convert from the start, where nobody gets further than the removed channel."""
    states = ["start", *sorted({channel for path in paths for channel in path.channels})]
    index = {state: number for number, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    converts = np.zeros(len(states))
    ends = np.zeros(len(states))
    for path in paths:
        people = path.conversions + path.nulls
        for state, following in pairwise(("start", *path.channels)):
            moves[index[state], index[following]] += people
        converts[index[path.channels[-1]]] += path.conversions
        ends[index[path.channels[-1]]] += people
    leaving = moves.sum(axis=1) + ends
    chances, direct = moves / leaving[:, None], converts / leaving
    if removed:
        chances[index[removed]] = 0
        direct[index[removed]] = 0
    return float(np.linalg.solve(np.eye(len(states)) - chances, direct)[0])


def write_messages(paths: Sequence[KnownPath], folder: Path) -> int:
    """Land the visits of everybody, an hour apart, as files of web and app; return how many messages."""
    (folder / "web").mkdir(parents=True)
    (folder / "app").mkdir()
    count = 0
    with (folder / "web" / "paths.jsonl").open("w") as web, (folder / "app" / "paths.jsonl").open("w") as app:
        for number, path in enumerate(paths):
            for person in range(path.conversions + path.nulls):
                for channel, message in _messages(
                    f"{number}-{person}", path, converts=person < path.conversions
                ):
                    (app if channel == "app" else web).write(json.dumps(message) + "\n")
                    count += 1
    return count


def _messages(person: str, path: KnownPath, *, converts: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    said = dict(CHANNELS.values())
    for step, channel in enumerate(path.channels):
        at = BEGINNING + timedelta(hours=step)
        common = {"userId": f"person-{person}", "context": said[channel] | {"userAgent": "Mozilla/5.0"}}
        yield (
            channel,
            common
            | {
                "messageId": f"{person}-{step}",
                "type": "track",
                "event": "Product Viewed",
                "timestamp": at.isoformat(),
                "properties": {"product_id": "p-1", "url": "https://shop.example/p-1"},
            },
        )
        if converts and step == len(path.channels) - 1:
            yield (
                channel,
                common
                | {
                    "messageId": f"{person}-order",
                    "type": "track",
                    "event": "Order Completed",
                    "timestamp": (at + timedelta(minutes=5)).isoformat(),
                    "properties": {"order_id": person, "revenue": 10, "currency": "USD", "product_id": "p-1"},
                },
            )


def _holds(paths: Sequence[KnownPath], folder: Path) -> bool:
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{len(paths):,} paths: {write_messages(paths, folder):,} messages", flush=True)
    (folder / "marketing").mkdir()
    StoreDatabase(f"sqlite:///{folder / 'store.db'}").close()
    settings = {
        f"SOURCES__{feed.upper()}__BUCKET_URL": str(folder / feed) for feed in ("web", "app", "marketing")
    }
    settings |= {
        "SOURCES__STORE__CREDENTIALS": f"sqlite:///{folder / 'store.db'}",
        "WAREHOUSE_PATH": str(folder / "warehouse.duckdb"),
        "RUN_AT": RUN_AT,
    }
    refresh = refreshed(folder, settings)
    print(f"  published in {refresh.seconds:,.0f} s, peak memory {refresh.memory_mb:,.0f} MB", flush=True)
    found = published_totals(folder / "marts.duckdb")
    worst = {model: _worst(totals, found.get(model, {})) for model, totals in expected(paths).items()}
    for model, (channel, difference) in worst.items():
        print(f"  {model:15} off by at most {difference:.2e} conversions ({channel})", flush=True)
    return all(difference <= CLOSE_ENOUGH for _, difference in worst.values())


def published_totals(marts: Path) -> dict[str, Totals]:
    """Read the classic totals of each model and channel."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        rows = connection.execute(
            "select model, channel, conversions from mart_attribution_totals"
        ).fetchall()
    totals: dict[str, Totals] = {}
    for model, channel, conversions in rows:
        totals.setdefault(model, {})[channel] = conversions
    return totals


def _worst(totals: Totals, found: Totals) -> tuple[str, float]:
    channels = sorted(totals.keys() | found.keys())
    differences = {channel: abs(totals.get(channel, 0.0) - found.get(channel, 0.0)) for channel in channels}
    return max(differences.items(), key=lambda item: item[1])


if __name__ == "__main__":
    main()
