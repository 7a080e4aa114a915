"""`python -m publishing versions` and `python -m publishing rollback [<version>]`; reads MARTS_PATH."""

import argparse
import os
import sys
from pathlib import Path

from publishing.errors import PublishError
from publishing.versions import kept_versions, rollback
from security.private import keep_files_private


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when it did what was asked, 1 with a sentence on stderr when not."""
    parser = argparse.ArgumentParser(prog="python -m publishing", description="Kept versions of the marts.")
    parser.add_argument(
        "--marts",
        type=Path,
        default=Path(os.environ.get("MARTS_PATH", "data/marts.duckdb")),
        help="the published marts (default: MARTS_PATH, else %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("versions", help="list the versions that can be published again, oldest first")
    back = commands.add_parser("rollback", help="publish a kept version again")
    back.add_argument("version", nargs="?", help="its name (default: the one before the published one)")
    options = parser.parse_args(arguments)
    keep_files_private()
    try:
        lines = (
            _versions(options.marts)
            if options.command == "versions"
            else _back(options.marts, options.version)
        )
    except PublishError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def _versions(marts: Path) -> list[str]:
    current, versions = kept_versions(marts)
    if not versions:
        return [f"Nothing is published at {marts} yet."]
    marks = {current: "  <- published"}
    return [
        f"{version.name}  {sum(version.row_counts.values()):>12,} rows{marks.get(version.name, '')}"
        for version in versions
    ]


def _back(marts: Path, name: str | None) -> list[str]:
    version = rollback(marts, name)
    return [f"{marts} is version {version.name} again, until the next run that changes something."]


if __name__ == "__main__":
    sys.exit(main())
