"""Writes what the support API serves, one file a kind of object."""

from pathlib import Path

from simulator.json_lines import JsonLines
from simulator.support_collections import OBJECTS
from simulator.support_data import Record


class SupportFilesWriter:
    """The files that ``SupportFiles`` of the same folder reads."""

    def __init__(self, folder: Path) -> None:
        self._files = {name: JsonLines(folder / f"{name}.jsonl") for name in OBJECTS}

    def add(self, kind: str, record: Record) -> None:
        """Write one object: ``kind`` is the name of its endpoint's list."""
        self._files[kind].add(record)

    def counts(self) -> dict[str, int]:
        """Return how many objects of each kind there are."""
        return {name: file.count for name, file in self._files.items()}

    def close(self) -> None:
        """Finish the files."""
        for file in self._files.values():
            file.close()
