"""`python -m publishing versions`, `rollback [<version>]` and `mirror`; reads MARTS_PATH.

`mirror` reads the database's address from URL, so that a password does not appear in the list of processes.
"""

import argparse
import os
import sys
from pathlib import Path

from publishing.errors import PublishError
from publishing.mirror import SCHEMA, mirror
from publishing.versions import kept_versions, rollback
from security.private import keep_files_private


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 with a message on stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m publishing", description="Versions and copies of the marts."
    )
    parser.add_argument(
        "--marts",
        type=Path,
        default=Path(os.environ.get("MARTS_PATH", "data/marts.duckdb")),
        help="the published marts (default: MARTS_PATH, else %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("versions", help="list the versions that can be published again, oldest first")
    back = commands.add_parser("rollback", help="restore a kept version")
    back.add_argument("version", nargs="?", help="its name (default: the one before the published one)")
    commands.add_parser("mirror", help="copy the published version into the PostgreSQL database at URL")
    options = parser.parse_args(arguments)
    keep_files_private()
    try:
        if options.command == "versions":
            lines = _versions(options.marts)
        elif options.command == "rollback":
            lines = _back(options.marts, options.version)
        else:
            lines = _mirror(options.marts, os.environ.get("URL", ""))
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


def _mirror(marts: Path, url: str) -> list[str]:
    found = mirror(marts, url)
    if found.status == "unchanged":
        return [f"The database has version {found.version} already; nothing was done."]
    rows = sum(found.row_counts.values())
    return [f"The schema {SCHEMA} is version {found.version}: {len(found.row_counts)} tables, {rows:,} rows."]


if __name__ == "__main__":
    sys.exit(main())
