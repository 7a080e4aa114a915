"""Files of one JSON object a line, written in a stream."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_line(record: Mapping[str, Any]) -> str:
    """Return a record as one compact line, without newline."""
    return _ENCODE(record)


class JsonLines:
    """A file to which records are appended; it keeps none in memory."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self.count = 0

    def add(self, record: Mapping[str, Any]) -> None:
        """Write one more record."""
        self._file.write(as_line(record) + "\n")
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        self._file.close()
