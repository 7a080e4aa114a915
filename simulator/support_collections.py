"""Support objects in the order of exports, from memory or from files."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from simulator.support_data import Record, SupportData, unix_seconds

OBJECTS = ("tickets", "users", "ticket_events", "satisfaction_ratings")
Key = tuple[int, int]


@dataclass(frozen=True)
class SupportFiles:
    """A folder with a ``<name>.jsonl`` for each of ``OBJECTS``; only an index is in memory.

    A missing file counts as empty.
    """

    folder: Path


class Collection:
    """Objects ordered by (seconds, id): updated_at, or created_at where there is none."""

    def __init__(self, keys: list[Key], read: Callable[[int], Record]) -> None:
        table: npt.NDArray[np.int64] = np.array(keys, dtype=np.int64).reshape(-1, 2)
        self._order = np.lexsort((table[:, 1], table[:, 0]))
        self._seconds = table[self._order, 0]
        self._ids = table[self._order, 1]
        self._read = read

    def __len__(self) -> int:
        return len(self._order)

    def first_since(self, seconds: int) -> int:
        """Return the position of the first object changed at or after ``seconds``."""
        return int(np.searchsorted(self._seconds, seconds, side="left"))

    def first_at(self, key: Key) -> int:
        """Return the position of the first object at or behind ``key`` in the order."""
        position = self.first_since(key[0])
        while position < len(self) and self.key(position) < key:
            position += 1
        return position

    def first_after(self, key: Key) -> int:
        """Return the position of the first object behind ``key`` in the order."""
        return self.first_at((key[0], key[1] + 1))

    def end_of_second(self, position: int) -> int:
        """Return the position behind the last object of the same second as the one at ``position``."""
        return int(np.searchsorted(self._seconds, self._seconds[position], side="right"))

    def key(self, position: int) -> Key:
        """Return the (seconds, id) of the object at ``position``."""
        return int(self._seconds[position]), int(self._ids[position])

    def between(self, start: int, stop: int) -> list[Record]:
        """Return the objects at positions ``start`` to ``stop`` (not included)."""
        return [self._read(int(index)) for index in self._order[start:stop]]


def collections_of(data: SupportData | SupportFiles) -> dict[str, Collection]:
    """Index every kind of object of ``data``, by the name of its endpoint's list."""
    if isinstance(data, SupportFiles):
        return {name: _from_file(data.folder / f"{name}.jsonl") for name in OBJECTS}
    return {name: _from_list(getattr(data, name)) for name in OBJECTS}


def _from_list(records: list[Record]) -> Collection:
    return Collection([_key(record) for record in records], records.__getitem__)


def _from_file(path: Path) -> Collection:
    keys: list[Key] = []
    offsets: list[int] = []
    for offset, record in _lines(path):
        keys.append(_key(record))
        offsets.append(offset)

    def read(index: int) -> Record:
        with path.open("rb") as file:
            file.seek(offsets[index])
            return _parsed(file.readline())

    return Collection(keys, read)


def _lines(path: Path) -> Iterator[tuple[int, Record]]:
    if not path.exists():
        return
    offset = 0
    with path.open("rb") as file:
        for line in file:
            yield offset, _parsed(line)
            offset += len(line)


def _parsed(line: bytes) -> Record:
    record: dict[str, Any] = json.loads(line)
    return record


def _key(record: Record) -> Key:
    at = record.get("updated_at") or record["created_at"]
    return unix_seconds(at), int(record["id"])
