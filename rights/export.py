"""Writes everything known about a person: ``python -m rights.export``, which reads WHO and TO from the environment.

WHO is an identifier, ``type:value``. TO is a new folder; by default one below `exports` next to the warehouse. The
files are personal data: hand them over, then remove them.
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from printable import escaped
from publishing import PublishError
from rights.exporting import collect, write_export
from rights.places import RightsError, read_places
from security.private import keep_files_private


def main() -> int:
    """Export; return 0, or 1 with a message."""
    keep_files_private()
    who = os.environ.get("WHO", "").strip()
    try:
        if not who:
            raise RightsError("Say who: make export WHO=email:ana@example.org")
        places = read_places()
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        folder = Path(os.environ.get("TO", "").strip() or places.exports / moment)
        if folder.exists():
            raise RightsError(f"{folder} exists already; name a new folder.")
        files = write_export(collect(places, [who]), folder)
    except (RightsError, PublishError, duckdb.IOException) as error:
        print(escaped(str(error)), file=sys.stderr)
        return 1
    print("\n".join(str(file) for file in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
