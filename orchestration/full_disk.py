"""A disk that is full, in one sentence: which one, how much a refresh needs there, and what became of the marts."""

import errno
import re
import shutil
from pathlib import Path

from orchestration.settings import Settings

_FULL = {errno.ENOSPC, errno.EDQUOT}
# As the operating system, SQLite and DuckDB say it; the last two reach us as text, through dbt.
_SAYS_FULL = re.compile(
    r"No space left on device|Disk quota exceeded|database or disk is full|disk is full\b|max_temp_directory_size",
    re.IGNORECASE,
)
_LEAST = 512 * 1024**2
_LEAST_HOME = 64 * 1024**2


def is_full_disk(error: BaseException | None) -> bool:
    """Say whether an error, or one that caused it, is that of a full disk."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if getattr(error, "errno", None) in _FULL or says_full_disk(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def says_full_disk(text: str) -> bool:
    """Say whether a program's words are those of a full disk."""
    return bool(_SAYS_FULL.search(text))


def sentence_about(settings: Settings, home: Path) -> str:
    """Say which disk lacks room for a refresh, and how much it needs; nothing of the marts has changed."""
    lacking = []
    for device, (folders, needed) in _needs(settings, home).items():
        free = shutil.disk_usage(device).free
        lacking.append((free - needed, device, folders, needed, free))
    lacking.sort()
    short = [each for each in lacking if each[0] < 0] or lacking[:1]
    disks = "; ".join(
        f"the disk of {' and '.join(map(str, folders))} has {_size(free)} free, and a refresh needs about"
        f" {_size(needed)}"
        for _, _, folders, needed, free in short
    )
    return (
        f"A disk is full: {disks}. Make room and run again: nothing is lost, and the marts are as they were."
    )


def _needs(settings: Settings, home: Path) -> dict[Path, tuple[list[Path], int]]:
    """Add up by disk what a refresh writes before it removes anything."""
    published = settings.marts.with_name(f"{settings.marts.stem}_parquet")
    wanted = [
        # A rebuild writes a table before it drops the old one; sorts and joins spill next to the file.
        (settings.warehouse.parent, max(_LEAST, _bytes(settings.warehouse))),
        # The new version, what readers open, and Parquet.
        (settings.marts.parent, max(_LEAST, 2 * _bytes(settings.marts) + _bytes(published))),
        (home, _LEAST_HOME),
    ]
    found: dict[int, tuple[Path, list[Path], int]] = {}
    for folder, needed in wanted:
        there = next(above for above in (folder, *folder.parents) if above.exists())
        device = there.stat().st_dev
        path, folders, more = found.get(device, (there, [], 0))
        found[device] = path, list(dict.fromkeys([*folders, folder])), more + needed
    return {path: (folders, needed) for path, folders, needed in found.values()}


def _bytes(path: Path) -> int:
    if path.is_dir():
        return sum(file.stat().st_size for file in path.iterdir() if file.is_file())
    return path.stat().st_size if path.exists() else 0


def _size(count: int) -> str:
    return f"{count / 1024**3:.1f} GB" if count >= 1024**3 else f"{count // 1024**2:,} MB"
