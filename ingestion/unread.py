"""Landed files that no source reads, by their names, said in the report of every run."""

import re
from collections.abc import Iterable

from ingestion.drift import listed
from ingestion.landing import LandedFile, Landing
from ingestion.run import Run

# Hidden, as .git/x or _SUCCESS, or still on its way under a name that says so.
_NOT_MEANT = re.compile(
    r"(\A|/)(\.|_[^/.]*(/|\Z))|(\.(tmp|temp|part|partial|filepart|crdownload)|~)\Z", re.IGNORECASE
)


def note_unread(run: Run, landing: Landing, files: Iterable[LandedFile]) -> None:
    """Add a sentence that names the files that nothing reads, but for hidden ones and such as are on their way."""
    below = len(landing.url) + 1
    unread = {file.url[below:] for file in files if not _is_read(run, file)}
    if meant := {name for name in unread if not _NOT_MEANT.search(name)}:
        run.notes.append(f"The folder of {run.source} has files that nothing reads: {listed(meant)}.")


def _is_read(run: Run, file: LandedFile) -> bool:
    return file.holds_events or (file.holds_ad_spend and run.source == "marketing")
