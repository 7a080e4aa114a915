"""The published marts and their kept versions: paths, and the index `versions.json`.

In the folder of MARTS_PATH:

marts.duckdb             what BI opens: a copy of the current version
marts_parquet            a link to the current version's Parquet files
data_dictionary.html,.md
marts_versions/          versions.json, and each version's files
"""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from publishing.errors import PublishError
from storage.locks import try_to_hold

# A publication takes seconds, or minutes with many millions of rows.
PATIENCE_SECONDS = 300.0
_SECONDS_BETWEEN_TRIES = 0.1


@dataclass(frozen=True)
class Version:
    """A kept version: its name, the clock of its run, and the checksums of its content and of its files.

    `digests` identify the content of each table's Parquet file; versions from before these checks have none.
    The next version may be computed from `fingerprints`, `contacts` and `made_from`. `basis` has the inputs other than
    records, which explain restated figures.
    """

    name: str
    run_at: str
    content_checksum: str
    file_checksum: str
    row_counts: dict[str, int]
    digests: dict[str, str] = field(default_factory=dict)
    parquet_checksums: dict[str, str] = field(default_factory=dict)
    fingerprints: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, list[str]] = field(default_factory=dict)
    made_from: dict[str, Any] = field(default_factory=dict)
    basis: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Index:
    """Content of `versions.json`: the current version and all kept ones, oldest first.

    `next` is the version that is replacing the current one; a killed process leaves it.
    """

    current: str | None = None
    versions: tuple[Version, ...] = ()
    next: str | None = None

    def find(self, name: str | None) -> Version | None:
        """Return the kept version of that name."""
        return next((version for version in self.versions if version.name == name), None)


@dataclass(frozen=True)
class Shelf:
    """Where the versions of the marts published at `marts` are kept."""

    marts: Path
    _checksums: dict[tuple[int, ...], str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """The folder of kept versions."""
        return self.marts.with_name(f"{self.marts.stem}_versions")

    @property
    def staged(self) -> Path:
        """The file that is being written; it has no readers yet."""
        return self.folder / "staged.duckdb"

    @property
    def parquet_link(self) -> Path:
        """The link that always leads to the current version's Parquet files."""
        return self.marts.with_name(f"{self.marts.stem}_parquet")

    @property
    def dictionaries(self) -> dict[str, Path]:
        """The published data dictionary by suffix: `.html` and `.md`."""
        return {suffix: self.marts.with_name(f"data_dictionary{suffix}") for suffix in (".html", ".md")}

    def file_of(self, version: str) -> Path:
        """Return the DuckDB file of a version."""
        return self.folder / f"{self.marts.stem}-{version}.duckdb"

    def parquet_of(self, version: str) -> Path:
        """Return the folder of a version's Parquet files."""
        return self.folder / f"parquet-{version}"

    def dictionary_of(self, version: str, suffix: str) -> Path:
        """Return a version's data dictionary."""
        return self.folder / f"data_dictionary-{version}{suffix}"

    def paths_of(self, version: str) -> list[Path]:
        """Return all files of a version in the folder."""
        dictionaries = [self.dictionary_of(version, suffix) for suffix in self.dictionaries]
        return [self.file_of(version), self.parquet_of(version), *dictionaries]

    def is_whole(self, version: Version) -> bool:
        """Whether all files of a version exist, and its DuckDB and Parquet files are unaltered."""
        folder = self.parquet_of(version.name)
        tables = [parquet_file(folder, table) for table in version.row_counts]
        written = {parquet_file(folder, table): found for table, found in version.parquet_checksums.items()}
        written[self.file_of(version.name)] = version.file_checksum
        if not all(path.exists() for path in [*self.paths_of(version.name), *tables, *written]):
            return False
        with ThreadPoolExecutor() as threads:
            return list(threads.map(self.checksum_of, written)) == list(written.values())

    def checksum_of(self, path: Path) -> str:
        """Return the SHA-256 of a file; one that was read for this shelf already is read again only if it changed."""
        status = path.stat()
        key = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if key not in self._checksums:
            self._checksums[key] = file_checksum(path)
        return self._checksums[key]

    @property
    def _index(self) -> Path:
        return self.folder / "versions.json"

    def read(self) -> Index:
        """Read the index. Raises PublishError if there is one that cannot be read."""
        if not self._index.exists():
            return Index()
        try:
            index = json.loads(self._index.read_text(encoding="utf-8"))
            versions = tuple(Version(**version) for version in index["versions"])
            return Index(index["current"], versions, index.get("next"))
        except (ValueError, KeyError, TypeError) as error:
            raise PublishError(
                f"{self._index} cannot be read, so which versions are kept is unknown. Restore it from a backup, "
                "or move the folder away: the next run publishes again."
            ) from error

    def write(self, index: Index) -> None:
        """Replace the index in one step."""
        new = self._index.with_suffix(".new")
        new.write_text(json.dumps(asdict(index), indent=2) + "\n", encoding="utf-8")
        sync(new)
        new.replace(self._index)
        sync(self.folder)

    @contextmanager
    def locked(self, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Hold the lock of publications and rollbacks; the lock of a dead process is free.

        Raises PublishError if a running process does not release it within `patience_seconds`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / ".lock"
        deadline = time.monotonic() + patience_seconds
        while (held := try_to_hold(lock)) is None:
            if time.monotonic() > deadline:
                raise PublishError(self._taken(lock, patience_seconds))
            time.sleep(_SECONDS_BETWEEN_TRIES)
        try:
            os.ftruncate(held, 0)
            os.write(held, str(os.getpid()).encode())
            yield
        finally:
            os.close(held)

    def _taken(self, lock: Path, patience_seconds: float) -> str:
        holder = lock.read_text(encoding="utf-8").strip() or "unknown"
        return (
            f"Another process ({holder}) publishes to {self.marts} or rolls back, and has not ended in "
            f"{patience_seconds:g} s. End it if it hangs, and run again; nothing was changed."
        )


def parquet_file(folder: Path, table: str) -> Path:
    """Return the file of `table` in a folder of Parquet files."""
    return folder / f"{table}.parquet"


def sync(path: Path) -> None:
    """Wait until the file or folder is on the disk, so that a power cut does not leave a partial one."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_checksum(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
