"""The demo: a simulated retailer's raw data, a first run over its first weeks, a refresh over all, and what came of it.

Everything is written under `data/`, where the default settings look. The simulated support desk is served on
127.0.0.1 for as long as the refresh lasts.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestration import refresh
from orchestration.demo_beginning import take_in_beginning
from orchestration.settings import SettingsError, read_settings
from orchestration.transform import ProjectError
from security.private import keep_files_private
from simulator.held_back import put_back
from simulator.output_folder import SUMMARY, OutputTakenError
from simulator.plan import DEFAULT_SEED, Plan, to_the_second
from simulator.progress import Announcer
from simulator.support_api import SupportApi, SupportFiles
from simulator.write import write

DATA = Path("data")
EMAIL, TOKEN = "agent@throughline.example", "demo-token"
# Now and then the desk is busy or down, as real ones are; ingestion waits and asks again.
BUSY_EVERY, DOWN_EVERY = 20, 33


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
    told = json.loads(summary.read_text(encoding="utf-8"))
    same = told["people"] == plan.people and told["seed"] == plan.seed and told["days"] == plan.days
    return bool(same and told["until"] == to_the_second(plan.until) and "tables" in told)


@contextmanager
def _support_desk(port: int) -> Iterator[None]:
    files = SupportFiles(DATA / "support")
    busy = {"rate_limit_every": BUSY_EVERY, "fail_every": DOWN_EVERY}
    with SupportApi(files, email=EMAIL, token=TOKEN, port=port, **busy) as desk:
        os.environ["SOURCES__SUPPORT__BASE_URL"] = desk.base_url
        os.environ["SOURCES__SUPPORT__EMAIL"] = EMAIL
        os.environ["SOURCES__SUPPORT__API_TOKEN"] = TOKEN
        yield


if __name__ == "__main__":
    sys.exit(main())
