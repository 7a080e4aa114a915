"""Cost of a delivery into a large warehouse: 1 % more events, a hundred events, nothing new.

``python -m benchmarks.deliveries --events N`` refreshes a warehouse in full, then with each delivery, as an
operator does, and prints the seconds of the phases (ingestion, the raw gate, dbt with its tests, the marts
gate, publishing), whom the slice touched next to whose rows really changed, and its work next to that of the full
build; and the checks of the marts and publishing next to the plainest that reads or writes as much. It exits
with 1 if a limit is broken.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.held_back import A_HUNDRED, ONE_PERCENT, hold_back
from benchmarks.marts_raw import FEEDS, events_of, multiply
from benchmarks.refreshes import Refresh, refreshed
from benchmarks.retailer import dbt_environment, loaded
from expectations import suites_of, validate_each
from publishing import publish
from simulator.plan import Plan, to_the_second

EVENTS = 1_000_000
PEOPLE = 3_000
MOST_OF_A_FULL_BUILD = 0.1
MOST_TIMES_THE_PLAINEST = 2.0
MOST_SECONDS = {ONE_PERCENT: 60.0, A_HUNDRED: 40.0, "nothing new": 25.0}
PUBLISHED_ALONE = "published_alone"
# Marts in which every row belongs to one customer.
OF_CUSTOMERS = (
    "dim_customers",
    "fct_touchpoints",
    "fct_sessions",
    "fct_journeys",
    "fct_orders",
    "fct_attribution",
)
EXPLAINED = """\
A simulated retailer, copied inside DuckDB to the number of events. Held back at first: the latest events of some of
its people, one in a hundred events in all, and a hundred more. What is held back comes as files that are landed, so
that it is customers known already who come back. The store's and support's tables stay as they are.
"""
Phases = dict[str, float]


@dataclass(frozen=True)
class Place:
    """Paths of the benchmark's files."""

    folder: Path
    plan: Plan

    @property
    def raw(self) -> Path:
        """The complete raw tables, before events are held back."""
        return self.folder / "landed.duckdb"

    @property
    def warehouse(self) -> Path:
        """The warehouse that is built and delivered to."""
        return self.folder / "warehouse.duckdb"

    @property
    def landing(self) -> Path:
        """Where files are landed."""
        return self.folder / "landing"

    @property
    def held_back(self) -> Path:
        """The messages that are delivered later."""
        return self.folder / "held_back"


def main() -> None:
    """Build, deliver, and print; exit with 1 if a limit is broken."""
    options = _options()
    print(EXPLAINED, flush=True)
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        plan = Plan(people=min(PEOPLE, max(30, options.events // 340)))
        base = loaded(folder / f"retailer-{plan.people}", plan)
        place = Place(folder / "deliveries", plan)
        shutil.rmtree(place.folder, ignore_errors=True)
        place.folder.mkdir(parents=True)
        multiply(base, place.raw, copies=max(1, round(options.events / events_of(base))))
        sys.exit(_run(place))


def _run(place: Place) -> int:
    held = hold_back(place.raw, place.held_back)
    shutil.move(place.raw, place.warehouse)
    print(f"{events_of(place.warehouse):,} raw events, {held:,} held back", flush=True)
    for feed in FEEDS:
        (place.landing / feed.removesuffix("_events")).mkdir(parents=True)
    full = refreshed(place.folder, _settings(place))
    _print("everything", full)
    broken = _beside_the_plainest(place)
    before = place.folder / "before.duckdb"
    for name, limit in MOST_SECONDS.items():
        shutil.copyfile(place.warehouse, before)
        _land(place, name)
        done = refreshed(place.folder, _settings(place))
        share = done.phases["dbt"] / full.phases["dbt"]
        _print(f"{name} (at most {limit:g} s)", done)
        print(
            f"  models: {share:.3f} of the full build (at most {MOST_OF_A_FULL_BUILD});"
            f" {_size_of_slice(place, before)}",
            flush=True,
        )
        broken = broken or done.seconds > limit
        broken = broken or (name == ONE_PERCENT and share > MOST_OF_A_FULL_BUILD)
    return int(broken)


def _print(name: str, done: Refresh) -> None:
    shown = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in done.phases.items())
    print(
        f"{name}: {done.seconds:.1f} s: {shown}; {done.processor_seconds:.1f} s of the processors;"
        f" {done.memory_mb:,.0f} MB",
        flush=True,
    )


def _beside_the_plainest(place: Place) -> bool:
    """Time the checks next to one aggregate query a table, and publishing next to writing the tables to Parquet."""
    _judge("raw", place.warehouse)
    phases: Phases = {}
    _timed(phases, "checks", lambda: _judge("marts", place.warehouse))
    _timed(phases, "publishing", lambda: _publish(place))
    folder = place.folder / "plain_parquet"
    folder.mkdir()
    with duckdb.connect(str(place.warehouse), read_only=True) as connection:
        tables = [suite.name for suite in suites_of("marts")]
        _timed(phases, "aggregates", lambda: _aggregate(connection, tables))
        _timed(phases, "parquet", lambda: _write(connection, tables, folder))
    # At ten million events they would fill a disk.
    for written in (folder, place.folder / PUBLISHED_ALONE):
        shutil.rmtree(written)
    broken = False
    for work, plainest in (("checks", "aggregates"), ("publishing", "parquet")):
        ratio = phases[work] / phases[plainest]
        print(
            f"{work} of the marts: {phases[work]:.1f} s, {ratio:.2f} times the {plainest} alone"
            f" ({phases[plainest]:.1f} s; at most {MOST_TIMES_THE_PLAINEST:g})",
            flush=True,
        )
        broken = broken or ratio > MOST_TIMES_THE_PLAINEST
    return broken


def _aggregate(connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Return one query for a table: count, distinct count, minimum and maximum of each column."""
    for table in tables:
        columns = [column for column, *_ in connection.execute(f"describe {table}").fetchall()]
        asked = ", ".join(f"count({c}), count(distinct {c}), min({c}), max({c})" for c in columns)
        connection.execute(f"select count(*), {asked} from {table}").fetchall()


def _write(connection: duckdb.DuckDBPyConnection, tables: Sequence[str], folder: Path) -> None:
    for table in tables:
        connection.execute(f"copy {table} to '{folder / table}.parquet' (format parquet, compression zstd)")


def _land(place: Place, name: str) -> None:
    for feed in FEEDS:
        source = feed.removesuffix("_events")
        held = place.held_back / name / source / "messages.jsonl"
        if held.exists() and held.stat().st_size:
            shutil.copy(
                held, place.landing / source / f"{name.replace(' ', '-').replace('%', 'percent')}.jsonl"
            )


def _timed(phases: Phases, name: str, work: Callable[[], object]) -> None:
    begun = time.monotonic()
    work()
    phases[name] = time.monotonic() - begun


def _judge(layer: str, warehouse: Path) -> None:
    for verdict in validate_each(suites_of(layer), warehouse):
        if verdict.severity == "critical" and not verdict.passed:
            print(f"  {verdict.table}: {verdict.summary}")


def _publish(place: Place) -> None:
    publish(
        warehouse=place.warehouse,
        marts=place.folder / PUBLISHED_ALONE / "marts.duckdb",
        manifest=place.folder / "dbt_target" / "manifest.json",
        run_at=datetime.fromisoformat(to_the_second(place.plan.until)),
        sources={},
        key="only-for-benchmarks",
    )


def _size_of_slice(place: Place, before: Path) -> str:
    """Print how many customers the slice touched, and of how many a row differs from ``before``."""
    # The peak memory of a refresh is at least that of this process when it starts it.
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute(f"attach '{place.warehouse}' as now (read_only)")
        connection.execute(f"attach '{before}' as before (read_only)")
        touched = _number(connection, "select count(distinct customer_id) from now.slices.touched")
        known = _number(connection, "select count(*) from now.marts.dim_customers")
        changed = " union ".join(
            f"select customer_id from (from now.marts.{mart} except all from before.marts.{mart})"
            f" union select customer_id from (from before.marts.{mart} except all from now.marts.{mart})"
            for mart in OF_CUSTOMERS
        )
        really = _number(connection, f"select count(distinct customer_id) from ({changed})")
    return f"{touched:,} of {known:,} customers touched; rows of {really:,} of them changed"


def _number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    found = connection.execute(query).fetchone()
    return int(found[0]) if found else 0


def _settings(place: Place) -> dict[str, str]:
    """Return the environment of the refresh: only the sources with files."""
    feeds = {feed.removesuffix("_events") for feed in FEEDS}
    buckets = {f"SOURCES__{feed.upper()}__BUCKET_URL": str(place.landing / feed) for feed in feeds}
    return {**dbt_environment(place.warehouse, place.plan), **buckets}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deliveries", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    return parser.parse_args()


if __name__ == "__main__":
    main()
