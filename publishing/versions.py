"""The kept versions of the marts beside MARTS_PATH, and the swap that puts one before the readers.

In the folder of MARTS_PATH:

marts.duckdb             what BI opens: a copy of the current version
marts_parquet            a link to the current version's Parquet files
data_dictionary.html,.md
marts_versions/          versions.json, and each version's files
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from publishing.errors import PublishError
from publishing.writer import sync

KEPT_VERSIONS = 3


@dataclass(frozen=True)
class Version:
    """A kept version: its name, when its run was, and the checksums of its content and of its file."""

    name: str
    run_at: str
    content_checksum: str
    file_checksum: str
    row_counts: dict[str, int]


@dataclass(frozen=True)
class Shelf:
    """Where the versions of the marts published at `marts` are kept."""

    marts: Path

    @property
    def folder(self) -> Path:
        """The folder of kept versions."""
        return self.marts.with_name(f"{self.marts.stem}_versions")

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

    @property
    def _index(self) -> Path:
        return self.folder / "versions.json"

    def read(self) -> tuple[str | None, list[Version]]:
        """Return the current version's name and all kept versions, oldest first."""
        if not self._index.exists():
            return None, []
        index = json.loads(self._index.read_text(encoding="utf-8"))
        return index["current"], [Version(**version) for version in index["versions"]]

    def write(self, current: str | None, versions: list[Version]) -> None:
        """Replace the index in one step."""
        text = json.dumps(
            {"current": current, "versions": [asdict(version) for version in versions]}, indent=2
        )
        new = self._index.with_suffix(".new")
        new.write_text(text + "\n", encoding="utf-8")
        sync(new)
        new.replace(self._index)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else publishes here or rolls back meanwhile."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def kept_versions(marts: Path) -> tuple[str | None, list[Version]]:
    """Return the current version's name and all kept versions of the marts at `marts`, oldest first."""
    return Shelf(marts).read()


def rollback(marts: Path, version: str) -> Version:
    """Publish a kept version again: `marts`, Parquet and dictionary. The next changed run publishes over it.

    Raises PublishError where the version is not kept or its file is no longer what was published.
    """
    shelf = Shelf(marts)
    with shelf.locked():
        _, versions = shelf.read()
        found = next((kept for kept in versions if kept.name == version), None)
        if found is None:
            names = ", ".join(kept.name for kept in versions) or "none"
            raise PublishError(f"There is no version {version} to roll back to; kept are: {names}.")
        if (
            not shelf.file_of(version).exists()
            or file_checksum(shelf.file_of(version)) != found.file_checksum
        ):
            raise PublishError(
                f"The file of version {version} is missing or was changed since it was published."
            )
        swap(shelf, version)
        shelf.write(version, versions)
    return found


def swap(shelf: Shelf, version: str) -> None:
    """Put `version` in front of the readers; those who have the old file open go on reading it."""
    _replace(shelf.file_of(version), shelf.marts)
    _relink(shelf.parquet_link, shelf.parquet_of(version))
    for suffix, published in shelf.dictionaries.items():
        _replace(shelf.dictionary_of(version, suffix), published)
    sync(shelf.marts.parent)


def add(shelf: Shelf, version: Version) -> None:
    """Make `version` the current one and forget all but the last few."""
    _, versions = shelf.read()
    versions = [kept for kept in versions if kept.name != version.name] + [version]
    shelf.write(version.name, versions[-KEPT_VERSIONS:])
    for old in versions[:-KEPT_VERSIONS]:
        remove(shelf, old.name)


def remove(shelf: Shelf, version: str) -> None:
    """Delete the files of a version, as far as there are any."""
    shelf.file_of(version).unlink(missing_ok=True)
    shutil.rmtree(shelf.parquet_of(version), ignore_errors=True)
    for suffix in shelf.dictionaries:
        shelf.dictionary_of(version, suffix).unlink(missing_ok=True)


def file_checksum(path: Path) -> str:
    """SHA-256 of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _replace(source: Path, target: Path) -> None:
    new = target.with_name(f".{target.name}.new")
    shutil.copyfile(source, new)
    sync(new)
    new.replace(target)


def _relink(link: Path, target: Path) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(target, link.parent), target_is_directory=True)
    new.replace(link)
