"""``python -m activation preview`` or ``send``, which read NAME (all audiences without it) from the environment."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from activation.definitions import Audience, AudienceError, read_audience, read_audiences
from activation.members import counted, members_of
from activation.sending import activate
from ingestion.errors import SourceError
from printable import escaped
from security.private import keep_files_private

FOLDER = Path(__file__).parents[1] / "audiences"


def main(arguments: list[str] | None = None) -> int:
    """Preview or send; return 0, or 1 with a message for each audience that failed."""
    keep_files_private()
    command = (arguments or sys.argv[1:] or ["preview"])[0]
    name = os.environ.get("NAME", "").strip()
    warehouse = Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb").absolute()
    failed = False
    try:
        folder = Path(os.environ.get("AUDIENCES_DIR") or FOLDER)
        audiences = [read_audience(folder / f"{name}.yml")] if name else read_audiences(folder)
    except AudienceError as error:
        print(escaped(str(error)), file=sys.stderr)
        return 1
    for audience in audiences:
        try:
            print("\n".join(_done(command, audience, warehouse)))
        except (AudienceError, SourceError) as error:
            failed = True
            print(escaped(str(error)), file=sys.stderr)
    return 1 if failed else 0


def _done(command: str, audience: Audience, warehouse: Path) -> list[str]:
    now = datetime.fromisoformat(os.environ.get("RUN_AT") or datetime.now(UTC).isoformat())
    if command == "send":
        sending = activate(audience, warehouse, now)
        outcomes = sending.outcomes
        last = f"  sent: {sending.added:,} added, {sending.changed:,} changed, {sending.removed:,} removed"
    else:
        outcomes = counted(members_of(audience, warehouse, now))
        last = "  nothing was sent: this is a preview"
    lines = [
        f"{audience.name}: {sum(outcomes.values()):,} members ({audience.purpose} by {audience.channel})"
    ]
    return [*lines, *(f"  {outcome:<16}{count:>9,}" for outcome, count in outcomes.items()), last]


if __name__ == "__main__":
    sys.exit(main())
