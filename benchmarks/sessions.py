"""From landed web messages to sessions with persons: processor seconds, next to the plainest SQL that counts the same.

``python -m benchmarks.sessions`` writes visits as Segment messages, loads them and builds ``+fct_sessions`` with dbt,
each in a process of its own; and has DuckDB read the same files and cut them into sessions in two statements. Prints
the processor seconds of each, and the sessions that each found. Exits with 1 if they differ or a limit is broken.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.retailer import PROJECT

EVENTS = 1_000_000
BUILD = (
    *("build", "--select", "+fct_sessions", "--indirect-selection", "cautious"),
    *("--exclude-resource-type", "unit_test"),
)
EVENTS_OF_A_VISIT = 8
VISITS_OF_A_BROWSER = 3
MOST_SECONDS_OF_A_MILLION = 40.0
AT = datetime(2026, 6, 1, tzinfo=UTC)
# A visit has eight messages, two minutes apart. A third of the browsers signs in on the last visit.
WRITE = """
    copy (
        select
            json_object(
                'messageId', 'm' || number, 'type', 'page', 'name', 'Product', 'anonymousId', 'browser-' || browser,
                'userId', case when browser % 3 = 0 and visit_number = {visits} - 1 then 'user-' || browser end,
                'timestamp', instant, 'originalTimestamp', instant, 'sentAt', instant, 'receivedAt', instant,
                'context', json_object(
                    'page', json_object(
                        'url', 'https://shop.example/p/' || number % 999, 'referrer', 'https://search.example/'
                    ),
                    'userAgent', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36',
                    'locale', 'en-US', 'timezone', 'America/New_York'
                ),
                'properties', json_object('product_id', 'sku-' || number % 500, 'price', number % 100)
            )
        from (
            select
                number, visit // {visits} as browser, visit % {visits} as visit_number,
                strftime(
                    timestamp '2026-01-01' + to_seconds(visit % 86400) + to_days(((visit % {visits}) * 7)::integer)
                    + to_minutes((number % {events_of_a_visit} * 2)::integer),
                    '%Y-%m-%dT%H:%M:%S.%gZ'
                ) as instant
            from (select number, number // {events_of_a_visit} as visit from range({events}) as numbers (number))
        )
    ) to '{file}' (format csv, header false, quote '', escape '', delimiter E'\\x01')
"""
PLAIN = """
    create table messages as
    select distinct on ("messageId") *
    from read_json(
        '{files}', format = 'newline_delimited',
        columns = {{
            messageId: 'varchar', anonymousId: 'varchar', userId: 'varchar', "timestamp": 'timestamp', context: 'json',
            properties: 'json'
        }}
    );
    create table sessions as
    with persons as (
        select "anonymousId", max("userId") as person from messages group by "anonymousId"
    ),
    begun as (
        select
            coalesce(persons.person, messages."anonymousId") as person,
            messages."timestamp",
            coalesce(messages."timestamp" - lag(messages."timestamp") over visits > interval 30 minutes, true) as begins
        from messages inner join persons using ("anonymousId")
        window visits as (
            partition by coalesce(persons.person, messages."anonymousId") order by messages."timestamp"
        )
    ),
    numbered as (
        select *, sum(begins::integer) over (partition by person order by "timestamp") as number from begun
    )
    select person, number, min("timestamp") as started_at, max("timestamp") as ended_at, count(*) as messages
    from numbered group by person, number
"""


def main() -> None:
    """Write, load, build and count; exit with 1 if a limit is broken."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as temporary:
        folder = Path(temporary)
        print(f"writing {options.events:,} messages", flush=True)
        landing = folder / "landing" / "web"
        landing.mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.execute(
                WRITE.format(
                    events=options.events,
                    events_of_a_visit=EVENTS_OF_A_VISIT,
                    visits=VISITS_OF_A_BROWSER,
                    file=landing / "visits.jsonl",
                )
            )
        settings = _settings(folder, landing)
        loading = _seconds(lambda: _run(settings, sys.executable, "-c", _LOAD))
        # dbt parses the project once after each edit, which is not part of a delivery.
        _run(settings, *_dbt(folder, "parse"))
        building = _seconds(lambda: _run(settings, *_dbt(folder, *BUILD)))
        plain = _seconds(lambda: _run(settings, sys.executable, "-c", _PLAIN, str(folder), str(landing)))
        ours = _sessions(folder / "warehouse.duckdb", "marts.fct_sessions")
        theirs = _sessions(folder / "plain.duckdb", "sessions")
    seconds = loading + building
    limit = MOST_SECONDS_OF_A_MILLION * options.events / EVENTS
    print(
        f"to raw {loading:.1f} s, dbt {building:.1f} s: {seconds:.1f} processor seconds (at most {limit:g})"
    )
    print(f"plain SQL {plain:.1f} s: {seconds / plain:.1f} times as much")
    print(f"sessions: {ours:,}; of plain SQL: {theirs:,}")
    sys.exit(int(ours != theirs or seconds > limit))


_LOAD = """
from ingestion.sources import SOURCES, load
for source in SOURCES:
    report = load(source)
    if report.status == "failed":
        raise SystemExit(report.message)
"""
_PLAIN = """
import sys
import duckdb
from benchmarks.sessions import PLAIN
with duckdb.connect(sys.argv[1] + "/plain.duckdb") as connection:
    connection.execute(PLAIN.format(files=sys.argv[2] + "/*.jsonl"))
"""


def _dbt(folder: Path, *words: str) -> list[str]:
    places = [f"--project-dir={PROJECT}", f"--profiles-dir={PROJECT}", f"--target-path={folder / 'target'}"]
    return [str(Path(sys.executable).with_name("dbt")), "--quiet", *words, *places]


def _settings(folder: Path, landing: Path) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SOURCES__")}
    return kept | {
        "SOURCES__WEB__BUCKET_URL": str(landing),
        "WAREHOUSE_PATH": str(folder / "warehouse.duckdb"),
        "RUN_AT": AT.isoformat(),
        "IDENTITY_SALT": "only-for-benchmarks",
    }


def _run(settings: Mapping[str, str], *command: str) -> None:
    subprocess.run(command, env=dict(settings), check=True)


def _seconds(work: Callable[[], None]) -> float:
    """Processor seconds, of user and system, of the processes that ``work`` starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _sessions(file: Path, table: str) -> int:
    with duckdb.connect(str(file), read_only=True) as connection:
        found = connection.execute(f"select count(*) from {table}").fetchone()
    return int(found[0]) if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sessions", description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
