"""Erase a person: ``python -m rights.forget``, which reads WHO, REASON, BY and DRY_RUN from the environment.

WHO is an identifier, ``type:value``, or the path of a file with one a line; all of them are one erasure.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ingestion.errors import SourceError
from printable import escaped
from publishing import PublishError
from rights.forgetting import find, forget, under_way
from rights.journal import Journal
from rights.places import Places, RightsError, read_places
from security.private import keep_files_private
from stewardship.warehouse import WarehouseError
from storage.locks import locked

# The lock of a refresh, so that nothing is loaded or built meanwhile.
_LOCK = "refresh.lock"


def main() -> int:
    """Erase, or show what would be erased; return 0, or 1 with a message."""
    keep_files_private()
    environment = os.environ
    is_dry = environment.get("DRY_RUN", "").strip().lower() in ("1", "true", "yes")
    try:
        places = read_places(environment)
        with alone(places):
            for journal in asked(places, environment):
                for line in in_words(journal):
                    print(escaped(line), flush=True)
                if is_dry:
                    print("Nothing was changed: this was a dry run.")
                    return 0
                certificate = forget(places, journal, lambda text: print(f"{text} ...", flush=True))
                print(f"Done. The certificate is {certificate}.", flush=True)
    except (RightsError, PublishError, SourceError, WarehouseError) as error:
        print(escaped(str(error)), file=sys.stderr)
        return 1
    print(
        "Erase the person in the sources too: records that they deliver again are skipped, but still exist there."
    )
    return 0


def asked(places: Places, environment: Mapping[str, str]) -> Iterator[Journal]:
    """Yield the unfinished erasure, then the requested one, unless it is the same.

    Raises RightsError.
    """
    who, reason = environment.get("WHO", "").strip(), environment.get("REASON", "").strip()
    identifiers = _identifiers(who)
    unfinished = under_way(places)
    if unfinished is not None:
        print("Finishing the erasure that was begun before.")
        yield unfinished
        if not who or unfinished.who == identifiers:
            return
    if not who:
        raise RightsError("Say who: make forget WHO=email:ana@example.org REASON='asked by letter'")
    if not reason:
        raise RightsError("An erasure needs a REASON, which is written into the certificate.")
    by = environment.get("BY", "").strip() or environment.get("USER", "").strip() or "unknown"
    yield find(places, identifiers, reason, by)


def _identifiers(who: str) -> list[str]:
    file = Path(who)
    if ":" not in who and file.is_file():
        return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [who]


def in_words(journal: Journal) -> Iterator[str]:
    """Print what was found, without personal data."""
    yield f"Erasure {journal.erasure_id}: {len(journal.nodes)} identifiers that are nobody else's"
    for table, counts in sorted(journal.counts.items()):
        yield f"  {table:<32}" + ", ".join(
            f"{count:,} {verdict}" for verdict, count in sorted(counts.items())
        )


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """Hold the lock of refreshes. Raises RightsError if one is under way."""
    places.dagster_home.mkdir(parents=True, exist_ok=True)
    with locked(places.dagster_home / _LOCK) as is_ours:
        if not is_ours:
            raise RightsError("A refresh is under way. Ask again when it has ended.")
        yield


if __name__ == "__main__":
    sys.exit(main())
