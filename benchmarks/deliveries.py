"""What a delivery costs once many events are there: 1 % more, a hundred events, nothing new.

``python -m benchmarks.deliveries --events N`` prints, for each delivery, the seconds of its phases (ingestion of the
events' files, the raw gate, dbt, the marts gate, publishing), how many customers dbt made anew, and dbt's work beside
that of the full build before it; and the checks of the marts and publishing beside the plainest that reads or writes as
much. It exits with 1 if a limit is broken.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.marts_raw import FEEDS, events_of, multiply
from benchmarks.marts_runs import dbt_build, dbt_start, times
from benchmarks.retailer import dbt_environment, loaded
from expectations import suites_of, validate_each
from ingestion.pipeline import load
from publishing import publish
from simulator.plan import Plan, to_the_second

EVENTS = 1_000_000
PEOPLE = 3_000
HUNDRED = 100
MOST_OF_A_FULL_BUILD = 0.1
MOST_TIMES_THE_PLAINEST = 2.0
MOST_SECONDS = {"1 % more": 60.0, "a hundred events": 40.0, "nothing new": 25.0}
SLOWEST = 15
EXPLAINED = """\
A simulated retailer, copied inside DuckDB to the number of events. Held back at first: the latest events of some of
its people, one in a hundred events in all, and a hundred more. What is held back comes as files that are landed, so
that it is customers known already who come back. The full build is one `dbt build` without tests of all that is there.
"""
# A message as its sender wrote it, from what ingestion made of it.
_MESSAGE = """
    json_object(
        'messageId', message_id, 'type', type, 'event', event, 'name', name, 'anonymousId', anonymous_id,
        'userId', user_id, 'previousId', previous_id, 'groupId', group_id, 'timestamp', strftime(timestamp, '{iso}'),
        'sentAt', strftime(sent_at, '{iso}'), 'receivedAt', strftime(received_at, '{iso}'),
        'context', context::json, 'properties', properties::json, 'traits', traits::json
    )
""".format(iso="%Y-%m-%dT%H:%M:%S.%fZ")
Phases = dict[str, float]


@dataclass(frozen=True)
class Place:
    """Where the benchmark's files are."""

    folder: Path
    plan: Plan

    @property
    def raw(self) -> Path:
        """The raw tables of everything, before anything is held back."""
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
    held = _hold_back(place)
    shutil.move(place.raw, place.warehouse)
    print(f"{events_of(place.warehouse):,} raw events, {held:,} held back", flush=True)
    dbt_start(place.warehouse, place.plan)
    full = dbt_build(place.warehouse, place.plan)
    print(f"full build: dbt {full.seconds:.1f} s, {full.memory_mb:,.0f} MB", flush=True)
    # The first publication is of everything; deliveries follow upon it.
    broken = _beside_the_plainest(place)
    for name in MOST_SECONDS:
        _land(place, name)
        phases = _deliver(place)
        whole, share = sum(phases.values()), phases["dbt"] / full.seconds
        shown = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in phases.items())
        print(f"{name}: {whole:.1f} s (at most {MOST_SECONDS[name]:g}): {shown}", flush=True)
        print(f"  dbt: {share:.3f} of the full build; customers made anew: {_dirty(place.warehouse)}")
        slowest = ", ".join(f"{node} {spent:.1f}" for node, spent in times(place.folder / "target")[:SLOWEST])
        print(f"  longest models, in seconds: {slowest}", flush=True)
        broken = broken or whole > MOST_SECONDS[name]
        broken = broken or (name == "1 % more" and share > MOST_OF_A_FULL_BUILD)
    return int(broken)


def _beside_the_plainest(place: Place) -> bool:
    """Time the checks beside one aggregate query a table, and publishing beside writing the tables to Parquet."""
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
    """One query a table: how many values each column has, how many differ, the least and the greatest."""
    for table in tables:
        columns = [column for column, *_ in connection.execute(f"describe {table}").fetchall()]
        asked = ", ".join(f"count({c}), count(distinct {c}), min({c}), max({c})" for c in columns)
        connection.execute(f"select count(*), {asked} from {table}").fetchall()


def _write(connection: duckdb.DuckDBPyConnection, tables: Sequence[str], folder: Path) -> None:
    for table in tables:
        connection.execute(f"copy {table} to '{folder / table}.parquet' (format parquet, compression zstd)")


def _hold_back(place: Place) -> int:
    """Take the latest events of some people out of the raw tables, into files; return how many they are."""
    with duckdb.connect(str(place.raw)) as connection:
        person = "coalesce(nullif(regexp_extract(coalesce(anonymous_id, user_id), 'c[0-9]+$'), ''), 'c0')"
        connection.execute("create temp table late (feed varchar, message_id varchar, told_at timestamptz)")
        one_in_a_hundred = sum(_count(connection, feed) for feed in FEEDS) // 100
        for feed in FEEDS:
            connection.execute(
                f"insert into late select '{feed}', message_id, timestamp from raw.{feed}"
                f" where hash({person}) % 32 = 0 or {person} = 'c0'"
            )
        connection.execute(
            "create or replace temp table late as"
            " select *, row_number() over (order by told_at desc, message_id) as n from late"
            f" qualify n <= {one_in_a_hundred + HUNDRED}"
        )
        for feed in FEEDS:
            for name, condition in (("1 % more", f"n > {HUNDRED}"), ("a hundred events", f"n <= {HUNDRED}")):
                folder = place.held_back / name / feed.removesuffix("_events")
                folder.mkdir(parents=True)
                connection.execute(
                    f"copy (select {_MESSAGE} from raw.{feed} join (select message_id from late where feed = '{feed}'"
                    f" and {condition}) using (message_id)) to '{folder / 'messages.jsonl'}'"
                    " (format csv, header false, quote '', escape '', delimiter E'\\x01')"
                )
            connection.execute(
                f"delete from raw.{feed} where message_id in (select message_id from late where feed = '{feed}')"
            )
        return one_in_a_hundred + HUNDRED


def _count(connection: duckdb.DuckDBPyConnection, feed: str) -> int:
    found = connection.execute(f"select count(*) from raw.{feed}").fetchone()
    return int(found[0]) if found else 0


def _land(place: Place, name: str) -> None:
    for feed in FEEDS:
        source = feed.removesuffix("_events")
        (place.landing / source).mkdir(parents=True, exist_ok=True)
        held = place.held_back / name / source / "messages.jsonl"
        if held.exists() and held.stat().st_size:
            shutil.copy(
                held, place.landing / source / f"{name.replace(' ', '-').replace('%', 'percent')}.jsonl"
            )


def _deliver(place: Place) -> Phases:
    phases: Phases = {}
    _timed(phases, "ingestion", lambda: _load(place))
    _timed(phases, "raw gate", lambda: _judge("raw", place.warehouse))
    _timed(phases, "dbt", lambda: dbt_build(place.warehouse, place.plan))
    _timed(phases, "marts gate", lambda: _judge("marts", place.warehouse))
    _timed(phases, "publishing", lambda: _publish(place))
    return phases


def _timed(phases: Phases, name: str, work: Callable[[], object]) -> None:
    begun = time.monotonic()
    work()
    phases[name] = time.monotonic() - begun


def _load(place: Place) -> None:
    with _environment(place):
        for source in ("web", "app", "marketing"):
            report = load(source)
            if report.status != "loaded":
                raise RuntimeError(f"{source}: {report.message}")


def _judge(layer: str, warehouse: Path) -> None:
    for verdict in validate_each(suites_of(layer), warehouse):
        if verdict.severity == "critical" and not verdict.passed:
            print(f"  {verdict.table}: {verdict.summary}")


def _publish(place: Place) -> None:
    publish(
        warehouse=place.warehouse,
        marts=place.folder / "published" / "marts.duckdb",
        manifest=place.folder / "target" / "manifest.json",
        run_at=datetime.fromisoformat(to_the_second(place.plan.until)),
        sources={},
        key="only-for-benchmarks",
    )


def _dirty(warehouse: Path) -> str:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        dirty = connection.execute("select count(*) from intermediate.int_dirty_customers").fetchone()
        known = connection.execute("select count(*) from marts.dim_customers").fetchone()
    return f"{dirty[0] if dirty else 0:,} of {known[0] if known else 0:,}"


@contextmanager
def _environment(place: Place) -> Iterator[None]:
    """Set what ingestion reads, then put it back."""
    feeds = {feed.removesuffix("_events") for feed in FEEDS}
    buckets = {f"SOURCES__{feed.upper()}__BUCKET_URL": str(place.landing / feed) for feed in feeds}
    before = dict(os.environ)
    os.environ.update(dbt_environment(place.warehouse, place.plan), **buckets)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deliveries", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    return parser.parse_args()


if __name__ == "__main__":
    main()
