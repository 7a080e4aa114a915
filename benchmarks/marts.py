"""Cost of all marts from raw events: one ``dbt build``, compared with the same SQL run by DuckDB alone.

``python -m benchmarks.marts --events N`` prints, in turns, the seconds of the full build without tests, of
the statements that dbt ran when DuckDB runs them alone, and of dbt's start; then the ratio, the peak memory,
and how the time grows from a tenth of the events. It exits with 1 if a limit is broken.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.marts_raw import events_of, multiply
from benchmarks.marts_runs import Run, bare_sql, dbt_build, dbt_start, others_alone, times
from benchmarks.retailer import loaded
from simulator.plan import Plan

EVENTS = 1_000_000
ROUNDS = 3
LARGEST_BASE = 3_000
EVENTS_A_PERSON = 34
MOST_TIMES_BARE = 1.3
MOST_MEMORY_MB = 6_000
MOST_TIMES_A_TENTH = 12.0
SLOWEST = 12
EXPLAINED = """\
Raw tables: a simulated retailer of {people:,} people, ingested once and then copied inside DuckDB to the number of
events, every copy with people, ids, orders and tickets of its own (ingesting as many would take longer than all else).
dbt: one `dbt build` of every seed and model without tests into a warehouse that holds raw tables only.
Alone: the statements that dbt ran, from its target folder, one after the other in DuckDB with the profile's settings.
Python models, connected components and seeds are no plain SQL: alone, what dbt made of them is taken, and the time
that dbt needs for them one by one, with nothing else running, is added. Start: dbt with nothing to do.
"""


@dataclass(frozen=True)
class Round:
    """One turn of everything."""

    dbt: Run
    bare: Run
    others: Run
    start: Run

    @property
    def alone(self) -> float:
        """The seconds with which the build is compared."""
        return self.bare.seconds + self.others.seconds + self.start.seconds

    @property
    def alone_cpu(self) -> float:
        """The same of the processors' time, which other work on the machine prolongs less."""
        return self.bare.cpu_seconds + self.others.cpu_seconds


def main() -> None:
    """Run all rounds at a tenth and at all of the events; exit with 1 if a limit is broken."""
    options = _options()
    people = max(30, min(LARGEST_BASE, options.events // 10 // EVENTS_A_PERSON))
    plan = Plan(people=people)
    print(EXPLAINED.format(people=people), flush=True)
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        base = loaded(folder / f"retailer-{people}", plan)
        sizes = [options.events] if options.no_tenth else [options.events // 10, options.events]
        medians = [_size(folder, base, plan, events, options.rounds) for events in sizes]
    sys.exit(_verdict(medians))


def _size(folder: Path, base: Path, plan: Plan, events: int, rounds: int) -> tuple[int, list[Round]]:
    """Make raw tables of about so many events, and run all rounds over them."""
    place = folder / "marts"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    raw = place / "landed.duckdb"
    multiply(base, raw, copies=max(1, round(events / events_of(base))))
    count = events_of(raw)
    print(f"{count:,} raw events, {rounds} rounds", flush=True)
    # Not counted: the first time, dbt reads every file of the project.
    dbt_start(raw.with_name("warehouse.duckdb"), plan)
    done = []
    for number in range(1, rounds + 1):
        done.append(_round(raw, plan))
        print(f"  round {number}  {_shown(done[-1])}", flush=True)
    slowest = ", ".join(f"{name} {seconds:.1f}" for name, seconds in times(place / "slowest")[:SLOWEST])
    print(f"  longest models of the last build, in seconds: {slowest}", flush=True)
    return count, done


def _round(raw: Path, plan: Plan) -> Round:
    built = raw.with_name("warehouse.duckdb")
    built.unlink(missing_ok=True)
    shutil.copyfile(raw, built)
    start = dbt_start(built, plan)
    dbt = dbt_build(built, plan)
    slowest = raw.with_name("slowest")
    slowest.mkdir(exist_ok=True)
    shutil.copy(raw.with_name("target") / "run_results.json", slowest)
    bare = bare_sql(raw, built, plan)
    return Round(dbt, bare, others_alone(built, plan), start)


def _verdict(medians: Sequence[tuple[int, list[Round]]]) -> int:
    count, rounds = medians[-1]
    dbt = statistics.median(one.dbt.seconds for one in rounds)
    alone = statistics.median(one.alone for one in rounds)
    memory = max(one.dbt.memory_mb for one in rounds)
    print(f"{count:,} events: dbt {dbt:.1f} s, alone {alone:.1f} s (medians)")
    print(f"the build takes {dbt / alone:.2f} times the same work alone (at most {MOST_TIMES_BARE:g})")
    cpu = statistics.median(one.dbt.cpu_seconds / one.alone_cpu for one in rounds)
    print(f"by the processors' time, which other work on the machine prolongs less, {cpu:.2f} times")
    print(f"its peak memory is {memory:,.0f} MB (at most {MOST_MEMORY_MB:,})")
    is_broken = dbt / alone > MOST_TIMES_BARE or memory > MOST_MEMORY_MB
    if len(medians) > 1:
        fewer, earlier = medians[0]
        growth = dbt / statistics.median(one.dbt.seconds for one in earlier)
        cpu_growth = statistics.median(one.dbt.cpu_seconds for one in rounds) / statistics.median(
            one.dbt.cpu_seconds for one in earlier
        )
        times_more = f"{count / fewer:.1f} times the events take {growth:.2f} times as long"
        print(f"{times_more} (at most {MOST_TIMES_A_TENTH:g}), {cpu_growth:.2f} times by the processors")
        is_broken = is_broken or growth > MOST_TIMES_A_TENTH
    return int(is_broken)


def _shown(one: Round) -> str:
    return (
        f"dbt {one.dbt.seconds:7.1f} s (processors {one.dbt.cpu_seconds:.1f}), {one.dbt.memory_mb:,.0f} MB"
        f"   alone {one.alone:7.1f} s (processors {one.alone_cpu:.1f}):"
        f" SQL {one.bare.seconds:.1f} s, {one.bare.memory_mb:,.0f} MB;"
        f" the rest {one.others.seconds:.1f} s; start {one.start.seconds:.1f} s"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.marts", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    parser.add_argument("--no-tenth", action="store_true", help="leave out the tenth of the events")
    return parser.parse_args()


if __name__ == "__main__":
    main()
