"""Cost of an erasure from a large warehouse, step by step.

``python -m benchmarks.erasure --events N`` builds a warehouse of so many events with landing files that have as
many, publishes it, erases one customer with an account, and prints the seconds of each step. It exits with 1 if the
other steps take longer together than the full build among them.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.held_back import write_messages
from benchmarks.marts_raw import FEEDS, events_of, multiply
from benchmarks.retailer import build, dbt_environment, loaded, parsed
from publishing import publish
from rights.forgetting import find, forget
from rights.places import read_places
from simulator.plan import Plan, to_the_second

EVENTS = 1_000_000
PEOPLE = 3_000
FILES = 20
# A busy customer: one in ten has more touchpoints.
WHO = """
    select identifier_type || ':' || identifier_value from marts.identity_map
    semi join (
        from marts.dim_customers where email is not null
        order by touchpoints desc, customer_id limit 1 offset (select count(*) // 10 from marts.dim_customers)
    ) using (customer_id)
    where identifier_type = 'email' order by all limit 1
"""
_EVERYBODY = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
BUILDING = "Writing a new warehouse without the person, and building it in full"


@dataclass(frozen=True)
class Step:
    """A step with its wall time and processor seconds."""

    name: str
    seconds: float
    worked: float


class Stopwatch:
    """Measures steps, each from its announcement to the next one."""

    def __init__(self) -> None:
        self._begun: list[Step] = []

    def say(self, step: str) -> None:
        """Start a step."""
        used = [resource.getrusage(who) for who in _EVERYBODY]
        worked = sum(each.ru_utime + each.ru_stime for each in used)
        self._begun.append(Step(step, time.monotonic(), worked))

    def steps(self) -> list[Step]:
        """Return the steps that have ended."""
        pairs = zip(self._begun, self._begun[1:], strict=False)
        return [Step(a.name, b.seconds - a.seconds, b.worked - a.worked) for a, b in pairs]


def main() -> None:
    """Build, erase, and print; exit with 1 if the limit is broken."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        plan = Plan(people=min(PEOPLE, max(30, options.events // 340)))
        home = folder / "erasure"
        home.mkdir(parents=True, exist_ok=True)
        _prepare(folder, home, plan, options.events)
        os.environ |= _settings(home, plan)
        sys.exit(_erase())


def _prepare(folder: Path, home: Path, plan: Plan, events: int) -> None:
    """Build, land and publish, unless an earlier benchmark left it in the folder."""
    warehouse = home / "warehouse.duckdb"
    if not warehouse.exists():
        base = loaded(folder / f"retailer-{plan.people}", plan)
        raw = home / "building.duckdb"
        multiply(base, raw, copies=max(1, round(events / events_of(base))))
        build(raw, plan)
        raw.rename(warehouse)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for feed in FEEDS:
            source = home / "landing" / feed.removesuffix("_events")
            source.mkdir(parents=True, exist_ok=True)
            for number in range(FILES):
                file = source / f"{number}.jsonl"
                if not file.exists():
                    write_messages(connection, feed, f"hash(message_id) % {FILES} = {number}", file)
    if not (home / "marts.duckdb").exists():
        publish(
            warehouse=warehouse,
            marts=home / "marts.duckdb",
            manifest=parsed(warehouse, plan),
            run_at=datetime.fromisoformat(to_the_second(plan.until)),
            sources={},
            key="only-for-benchmarks",
        )


def _erase() -> int:
    places = read_places()
    with duckdb.connect(str(places.warehouse), read_only=True) as connection:
        ((who,),) = connection.execute(WHO).fetchall()
    print(f"{events_of(places.warehouse):,} events", flush=True)
    watch = Stopwatch()
    watch.say("Finding the person")
    journal = find(places, [who], "benchmark", "benchmark")
    forget(places, journal, watch.say)
    watch.say("end")
    steps = watch.steps()
    for step in steps:
        print(f"  {step.name}: {step.seconds:.1f} s, of processors {step.worked:.1f} s", flush=True)
    print(f"  records: {json.dumps(journal.counts)}")
    others = [step for step in steps if step.name != BUILDING]
    (building,) = (step for step in steps if step.name == BUILDING)
    memory = max(resource.getrusage(who).ru_maxrss for who in _EVERYBODY) / 1024
    print(
        f"in all {sum(step.seconds for step in steps):.1f} s; but for the full build"
        f" {sum(step.seconds for step in others):.1f} s (at most as long as it); {memory:,.0f} MB",
        flush=True,
    )
    return int(sum(step.worked for step in others) > building.worked)


def _settings(home: Path, plan: Plan) -> dict[str, str]:
    return {
        **dbt_environment(home / "warehouse.duckdb", plan),
        "MARTS_PATH": str(home / "marts.duckdb"),
        "DAGSTER_HOME": str(home / "dagster"),
        "IDENTITY_SALT": "only-for-benchmarks",
        **{
            f"SOURCES__{feed.removesuffix('_events').upper()}__BUCKET_URL": str(
                home / "landing" / feed.removesuffix("_events")
            )
            for feed in FEEDS
        },
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.erasure", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    return parser.parse_args()


if __name__ == "__main__":
    main()
