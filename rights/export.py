"""Write all that is known of a person: ``python -m rights.export``, which reads WHO and TO from the environment.

WHO is an identifier, ``type:value``. TO is a folder that is made for it; without it, one below `exports` beside the
warehouse. What is written there is personal data: hand it over, then remove it.
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
    """Export; 0 when it is done, 1 with a sentence when it cannot be."""
    keep_files_private()
    who = os.environ.get("WHO", "").strip()
    try:
        if not who:
            raise RightsError("Say who: make export WHO=email:ana@example.org")
        places = read_places()
        moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        folder = Path(os.environ.get("TO", "").strip() or places.exports / moment)
        if folder.exists():
            raise RightsError(f"{folder} is there already; name a folder to be made.")
        files = write_export(collect(places, [who]), folder)
    except (RightsError, PublishError, duckdb.IOException) as error:
        print(escaped(str(error)), file=sys.stderr)
        return 1
    print("\n".join(str(file) for file in files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
