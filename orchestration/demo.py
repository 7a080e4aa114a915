"""The demo: a simulated retailer's raw data, a first run over its first weeks, a refresh over all, and a summary.

Everything is written under `data/`, where the default settings look. The simulated support desk is served on
127.0.0.1 for as long as the refresh lasts.

The first weeks are taken in before the rest, because a history of ids needs an earlier run. Of that run only as much
is built as keeps the ids; no check looks at it, and nothing is published.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path

from ingestion.sources import SOURCES, load
from orchestration import refresh
from orchestration.assets.dbt_project import ProjectError, dbt_resource, prepared_project
from orchestration.refresh import quiet_output
from orchestration.settings import Settings, SettingsError, environment_of_run, read_settings
from security.private import keep_files_private
from simulator.held_back import held_back, put_back
from simulator.output_folder import SUMMARY, OutputTakenError
from simulator.plan import DEFAULT_SEED, Plan, to_the_second
from simulator.progress import Announcer
from simulator.support_api import SupportApi, SupportFiles
from simulator.write import write

DATA = Path("data")
EMAIL, TOKEN = "agent@throughline.example", "demo-token"
# The support API is sometimes busy or down, as real ones are; ingestion waits and retries.
BUSY_EVERY, DOWN_EVERY = 20, 33
DAYS = 14
KEEPS_IDS = "+mart_identity_health"


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; 0 if every step went through, 1 with a sentence if not."""
    parser = argparse.ArgumentParser(prog="python -m orchestration.demo", description=__doc__)
    parser.add_argument("--people", type=int, default=1000, help="how many people the retailer has")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="equal seeds give equal data")
    parser.add_argument("--port", type=int, default=0, help="port of the support desk (default: a free one)")
    options = parser.parse_args(arguments)
    keep_files_private()
    plan = Plan(people=options.people, seed=options.seed)
    put_back(DATA)
    try:
        _write(plan)
    except OutputTakenError as error:
        print(
            f"demo: {error.place} is not the demo's own, which would be overwritten; nothing was removed."
            " Move it out of the way, or run the demo in another copy of the project.",
            file=sys.stderr,
        )
        return 1
    # A simulated history ends when it ends: by today's clock, all its journeys would be long abandoned.
    os.environ.setdefault("RUN_AT", to_the_second(plan.until))
    try:
        settings = read_settings()
        if not settings.warehouse.exists():
            take_in_beginning(DATA, plan, settings, lambda: _support_desk(options.port))
    except (SettingsError, ProjectError) as error:
        print(error, file=sys.stderr)
        return 1
    with _support_desk(options.port):
        return refresh.main([])


def _write(plan: Plan) -> None:
    """Write the raw data, unless this very retailer's is there. Raises OutputTakenError over other data."""
    if _is_there(plan):
        print(f"The raw data of {plan.people:,} simulated people is in {DATA}/ already.")
        return
    print(f"Writing the raw data of {plan.people:,} simulated people to {DATA}/ ...", flush=True)
    written = write(plan, DATA, progress=Announcer())
    for table, count in written.tables.items():
        print(f"  {table:<32}{count:>10,}")


def _is_there(plan: Plan) -> bool:
    summary = DATA / SUMMARY
    if not summary.is_file():
        return False
    written = json.loads(summary.read_text(encoding="utf-8"))
    same = written["people"] == plan.people and written["seed"] == plan.seed and written["days"] == plan.days
    return bool(same and written["until"] == to_the_second(plan.until) and "tables" in written)


@contextmanager
def _support_desk(port: int) -> Iterator[None]:
    files = SupportFiles(DATA / "support")
    busy = {"rate_limit_every": BUSY_EVERY, "fail_every": DOWN_EVERY}
    with SupportApi(files, email=EMAIL, token=TOKEN, port=port, **busy) as desk:
        os.environ["SOURCES__SUPPORT__BASE_URL"] = desk.base_url
        os.environ["SOURCES__SUPPORT__EMAIL"] = EMAIL
        os.environ["SOURCES__SUPPORT__API_TOKEN"] = TOKEN
        yield


def take_in_beginning(
    data: Path, plan: Plan, settings: Settings, desk: Callable[[], AbstractContextManager[object]]
) -> None:
    """Load what had arrived by the end of the first days, and give the people in it their ids.

    ``desk`` serves the support data that is in ``data``, and sets what is to be set to read it.
    """
    until = plan.start + timedelta(days=DAYS)
    print(f"Taking in the first {DAYS} days, for a history of who is who ...", flush=True)
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with (
        quiet_output(settings.warehouse.with_name("beginning.log")),
        held_back(data, until),
        desk(),
        environment_of_run(until, settings, IDENTITY_SALT=settings.hashing_key()),
    ):
        for source in SOURCES:
            load(source)
        arguments = ["build", "--select", KEEPS_IDS, "--exclude-resource-type", "test", "unit_test"]
        # A log of every statement costs a sixth of the time.
        arguments += ["--log-level-file", "info"]
        dbt_resource(prepared_project(settings)).cli(arguments, target_path=settings.dbt_target).wait()


if __name__ == "__main__":
    sys.exit(main())
