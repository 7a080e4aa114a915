"""Command line: ``python -m simulator write`` writes the raw data, ``serve`` runs the support API."""

import argparse
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from security.private import keep_files_private
from simulator.output_folder import OutputTakenError, shown
from simulator.plan import DEFAULT_DAYS, DEFAULT_SEED, DEFAULT_UNTIL, Plan
from simulator.progress import Announcer
from simulator.store_database import StoreTakenError
from simulator.support_api import SupportApi, SupportFiles
from simulator.write import Written, write


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return the exit status."""
    options = _parser().parse_args(arguments)
    keep_files_private()
    if options.command == "serve":
        return _serve(options)
    return _write(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    writing = commands.add_parser("write", help="write landing files, store database, support data and truth")
    writing.add_argument("--people", type=int, default=1000, help="how many people (default 1000)")
    writing.add_argument("--seed", type=int, default=DEFAULT_SEED, help="equal seeds give equal data")
    writing.add_argument("--out", type=Path, default=Path("data"), help="output folder (default data)")
    writing.add_argument("--store-url", help="SQLAlchemy URL of the store database (default <out>/store.db)")
    writing.add_argument("--until", type=_instant, default=DEFAULT_UNTIL, help="end of the history, ISO 8601")
    writing.add_argument("--days", type=int, default=DEFAULT_DAYS, help="length of the history")
    writing.add_argument("--replace", action="store_true", help="overwrite data that no simulation wrote")
    serving = commands.add_parser("serve", help="serve the support data as a Zendesk-compatible API")
    serving.add_argument("--data", type=Path, default=Path("data"), help="output folder of `write`")
    serving.add_argument("--port", type=int, default=8077)
    serving.add_argument("--email", default="agent@throughline.example")
    serving.add_argument("--token", default="demo-token")
    serving.add_argument("--page-size", type=int, default=100)
    serving.add_argument(
        "--rate-limit-every", type=int, default=20, help="answer every n-th with 429; 0: none"
    )
    serving.add_argument("--fail-every", type=int, default=33, help="answer every n-th with 503; 0: none")
    return parser


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text} has no offset, such as Z")
    return at


def _write(options: argparse.Namespace) -> int:
    started = time.monotonic()
    try:
        plan = Plan(options.people, options.seed, options.until, options.days)
        written = write(plan, options.out, options.store_url, replace=options.replace, progress=Announcer())
    except (OutputTakenError, StoreTakenError, ValueError) as error:
        return _failed(str(error))
    except SQLAlchemyError as error:
        return _failed(f"store database {shown(options.store_url)}: {str(error).splitlines()[0]}")
    _report(plan, options.out, written, time.monotonic() - started)
    return 0


def _serve(options: argparse.Namespace) -> int:
    folder = options.data / "support"
    if not folder.is_dir():
        return _failed(f"no support data in {folder}; run `python -m simulator write` first")
    try:
        api = _support_api(folder, options)
    except OSError as error:
        return _failed(f"support API: port {options.port} cannot be had: {error.strerror}")
    print(f"support API of {folder} at {api.base_url} (stop with Ctrl-C)", flush=True)
    try:
        api.serve_forever()
    except KeyboardInterrupt:
        print("stopped")
    return 0


def _support_api(folder: Path, options: argparse.Namespace) -> SupportApi:
    return SupportApi(
        SupportFiles(folder),
        email=options.email,
        token=options.token,
        port=options.port,
        page_size=options.page_size,
        rate_limit_every=options.rate_limit_every or None,
        fail_every=options.fail_every or None,
    )


def _failed(message: str) -> int:
    print(f"simulator: {message}", file=sys.stderr)
    return 1


def _report(plan: Plan, out: Path, written: Written, seconds: float) -> None:
    span = f"{plan.days} days until {plan.until:%Y-%m-%d}"
    print(f"{plan.people:,} people, {span}, seed {plan.seed}: {seconds:.1f} s")
    for table, count in written.tables.items():
        print(f"  {table:<30}{count:>10,}")
    print(f"  truth in {out / 'truth'}: " + ", ".join(f"{n:,} {name}" for name, n in written.truth.items()))


if __name__ == "__main__":
    sys.exit(main())
