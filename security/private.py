"""Makes files readable by their owner only: those with personal data, and those that are locked.

Whoever can open the warehouse for reading can also take a lock that blocks every load.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

UMASK = 0o077
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_files_private() -> None:
    """Make this process and its children create files and folders for their owner only."""
    os.umask(UMASK)


def make_private(paths: Iterable[Path]) -> None:
    """Remove the permissions of others from files and folders that an earlier version left open.

    Files below a closed folder need no change.
    """
    for path in paths:
        try:
            found = path.lstat()
            if found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode) and found.st_mode & _OTHERS:
                path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
        except FileNotFoundError:
            continue
