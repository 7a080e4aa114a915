"""Buffers lines for many files, with limits on memory and open files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

MEMORY_BYTES = 32 * 1024 * 1024


class Spool:
    """Lines on disk by the name of their pile, which is a relative path."""

    def __init__(self, folder: Path, memory_bytes: int = MEMORY_BYTES) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._held: dict[str, list[bytes]] = {}
        self._held_bytes = 0
        self._names: set[str] = set()
        shutil.rmtree(folder, ignore_errors=True)

    def add(self, pile: str, line: bytes) -> None:
        """Add a line, with its newline, to a pile."""
        self._held.setdefault(pile, []).append(line)
        self._held_bytes += len(line)
        if self._held_bytes >= self._memory_bytes:
            self._write_down()

    def piles(self) -> list[str]:
        """Return the names of all piles, sorted."""
        return sorted(self._names | set(self._held))

    def take(self, pile: str, most: int) -> Iterator[list[bytes]]:
        """Yield a pile, at most ``most`` lines at a time, in their order."""
        self._write_down()
        path = self._path(pile)
        with path.open("rb") as file:
            while lines := [line for line, _ in zip(file, range(most), strict=False)]:
                yield lines
        path.unlink()

    def close(self) -> None:
        """Remove the files of the spool."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, pile: str) -> Path:
        return self._folder / f"{pile}.pile"

    def _write_down(self) -> None:
        for pile, lines in self._held.items():
            path = self._path(pile)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.writelines(lines)
        self._names.update(self._held)
        self._held.clear()
        self._held_bytes = 0
