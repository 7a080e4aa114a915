"""Files that only their owner reads: whatever has personal data in it, and whatever a lock is taken on.

Whoever can open the warehouse for reading can also take a lock that keeps every load out.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

UMASK = 0o077
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_files_private() -> None:
    """Make this process, and those that it starts, create files and folders for their owner alone."""
    os.umask(UMASK)


def make_private(paths: Iterable[Path]) -> None:
    """Take the rights of others from files and folders of ours that an earlier version left open.

    What lies in a folder needs no change: nobody else gets that far.
    """
    for path in paths:
        try:
            found = path.lstat()
            if found.st_uid == os.getuid() and not stat.S_ISLNK(found.st_mode) and found.st_mode & _OTHERS:
                path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
        except FileNotFoundError:
            continue
