"""Who else may read what is published: a group, everyone, or by default only the owner.

Everything that the project writes is private. Published files and the folders on the way to them are opened to the
readers in MARTS_READERS; kept versions and other files in these folders are not.
"""

import grp
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

SETTING = "MARTS_READERS"
EVERYONE = "everyone"
_READ = stat.S_IRGRP | stat.S_IROTH
_PASS = stat.S_IXGRP | stat.S_IXOTH


@dataclass(frozen=True)
class Readers:
    """A group of the machine, by its name, or everyone."""

    group: str

    def open_files(self, files: Iterable[Path]) -> None:
        """Let the readers read files; nobody may write."""
        for file in files:
            self._allow(file, _READ)

    def open_folder(self, folder: Path) -> None:
        """Let the readers list a folder."""
        self._allow(folder, _READ | _PASS)

    def open_way(self, folder: Path) -> None:
        """Let the readers enter a folder without listing it."""
        if folder.stat().st_uid == os.getuid():
            self._allow(folder, _PASS)

    def _allow(self, path: Path, rights: int) -> None:
        mode = stat.S_IMODE(path.stat().st_mode)
        if self.group == EVERYONE:
            wanted = mode | rights
        elif mode & rights & stat.S_IRWXO == rights & stat.S_IRWXO:
            return
        else:
            if path.stat().st_gid != grp.getgrnam(self.group).gr_gid:
                shutil.chown(path, group=self.group)
            wanted = mode | rights & stat.S_IRWXG
        if wanted != mode:
            path.chmod(wanted)


def readers_of(environment: Mapping[str, str]) -> Readers | None:
    """Return the readers in MARTS_READERS, or None. Raises ValueError with a message."""
    group = environment.get(SETTING, "").strip()
    if not group:
        return None
    if group != EVERYONE:
        try:
            gid = grp.getgrnam(group).gr_gid
        except KeyError:
            raise ValueError(
                f"{SETTING} is {group!r}, but this machine has no such group; it may be {EVERYONE!r} too."
            ) from None
        if os.getuid() != 0 and gid not in (os.getgid(), *os.getgroups()):
            raise ValueError(f"{SETTING} is {group!r}, but the user who runs this is not in that group.")
    return Readers(group)
