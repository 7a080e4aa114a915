"""Landed files, listed and opened through fsspec: a local folder, ``s3://``, ``gs://`` or ``az://``."""

import os
import posixpath
import re
import stat
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.common.exceptions import MissingDependencyException
from dlt.common.storages import FilesystemConfiguration, fsspec_from_config
from dlt.common.storages.fsspec_filesystem import MTIME_DISPATCH
from fsspec import AbstractFileSystem
from fsspec.asyn import AsyncFileSystem

from ingestion.errors import NotConfiguredError, SourceError, cause_of, has_secret
from ingestion.load.fields import listed
from ingestion.run import Run
from ingestion.settings import is_default, setting, variable

KEY = "bucket_url"
_EVENTS = re.compile(r"\.(jsonl|json|gz)\Z", re.IGNORECASE)
_AD_SPEND = re.compile(r"(\A|/)ad_spend/[^/]*\.csv(\.gz)?\Z", re.IGNORECASE)
# Hidden, as .git/x or _SUCCESS, or still on its way under a name that says so.
_NOT_MEANT = re.compile(
    r"(\A|/)(\.|_[^/.]*(/|\Z))|(\.(tmp|temp|part|partial|filepart|crdownload)|~)\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class LandedFile:
    r"""A file as the listing shows it; ``url`` is the bucket's address, as set, and the path below it.

    Bytes of a name that are not UTF-8 stand in ``url`` as ``\\xff``, so that it is text for everybody.
    """

    url: str
    path: str
    size: int
    modified_at: datetime

    @property
    def holds_ad_spend(self) -> bool:
        """Return whether a file has advertising costs, by its folder and name."""
        return _AD_SPEND.search(self.path) is not None

    @property
    def holds_events(self) -> bool:
        """Return whether a file has messages, by its name: any gzipped file does, unless it has advertising costs."""
        return _EVENTS.search(self.path) is not None and not self.holds_ad_spend


def check_configured(source: str) -> None:
    """Raise NotConfiguredError if the source has only its default folder, and that does not exist."""
    url = setting(source, KEY)
    if is_default(source, KEY) and not Path(url).exists():
        raise NotConfiguredError(f"{variable(source, KEY)} is not set and {url} does not exist")


class Landing:
    """The folder or bucket of a source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.url = setting(source, KEY).rstrip("/")
        if has_secret(self.url):
            name, better = variable(source, KEY), variable(source, "credentials")
            problem = f"{name} holds a password or a token, which would be shown with every record"
            raise SourceError(source, f"{problem}; set {better}__… instead")
        try:
            config = resolve_configuration(
                FilesystemConfiguration(bucket_url=self.url), sections=("sources", source)
            )
            self.files, _ = fsspec_from_config(config)
        except MissingDependencyException as error:
            needed = ", ".join(error.dependencies)
            raise SourceError(source, f"{self.url} needs {needed}, which is not installed") from error
        except ConfigFieldMissingException as error:
            wanted = variable(source, "credentials")
            raise SourceError(source, f"{self.url} needs credentials; {wanted}__… are not set") from error
        except Exception as error:
            raise SourceError(source, f"cannot open {self.url}: {cause_of(error)}") from error
        self.is_local = config.protocol == "file"
        self._modified = MTIME_DISPATCH.get(config.protocol, MTIME_DISPATCH["file"])

    def list(self) -> list[LandedFile]:
        """List every file below the folder, in the order of their addresses.

        Raises SourceError if the folder does not exist or cannot be listed.
        """
        root = self.files._strip_protocol(self.url)
        try:
            found: dict[str, Any] = _local_files(root) if self.is_local else _remote_files(self.files, root)
        except Exception as error:
            raise SourceError(self.source, f"cannot list {self.url}: {cause_of(error)}") from error
        listed = [
            self._landed(root, path, info)
            for path, info in found.items()
            # A bucket may hold an empty object in the place of a folder.
            if not path.endswith("/")
        ]
        return sorted(listed, key=lambda file: file.url)

    def _landed(self, root: str, path: str, info: dict[str, Any]) -> LandedFile:
        below = posixpath.relpath(path, root)
        changed = self._modified(info) or datetime.now(UTC)
        shown = below.encode(errors="surrogateescape").decode(errors="backslashreplace")
        return LandedFile(f"{self.url}/{shown}", path, int(info.get("size") or 0), changed.astimezone(UTC))

    def open(self, file: LandedFile) -> IO[bytes]:
        """Open a file for reading its bytes as they are; raises OSError for a pipe, which would keep us waiting."""
        if self.is_local and Path(file.path).exists() and not Path(file.path).is_file():
            raise OSError("it is not a regular file")
        opened: IO[bytes] = self.files.open(file.path, "rb")
        return opened

    def chunks(self, file: LandedFile, size: int) -> Iterator[bytes]:
        """Yield a file's bytes, ``size`` at a time."""
        with self.open(file) as stream:
            while chunk := stream.read(size):
                yield chunk


def _remote_files(files: AbstractFileSystem, root: str) -> dict[str, Any]:
    """Find the files below a remote folder; a folder below it that cannot be listed is an error, too.

    fsspec's own walk, which what has no better way falls back on, passes such a folder over as if it were empty.
    """
    is_async = isinstance(files, AsyncFileSystem)
    has_own_way = (
        type(files)._find is not AsyncFileSystem._find
        if is_async
        else type(files).find is not AbstractFileSystem.find
    )
    if has_own_way:
        return dict(files.find(root, detail=True))
    found: dict[str, Any] = {}
    seen, folders = {root}, [root]
    while folders:
        for info in files.ls(folders.pop(), detail=True):
            if info["type"] != "directory":
                found[info["name"]] = info
            elif info["name"] not in seen:
                seen.add(info["name"])
                folders.append(info["name"])
    return found


def _local_files(root: str) -> dict[str, dict[str, float]]:
    """Find the files below a folder, as size and time of what links lead to; fsspec would not follow them.

    Each folder is read once, so that links in a circle come to an end, and where it lies rather than where a
    link shows it. A folder that is missing or closed is an error: it would look like an empty one.
    """
    found: dict[str, dict[str, float]] = {}
    seen: set[tuple[int, int]] = set()
    folders, links = deque([root]), deque[str]()
    while folders or links:
        folder = (folders or links).popleft()
        here = Path(folder).stat()
        if (here.st_dev, here.st_ino) in seen:
            continue
        seen.add((here.st_dev, here.st_ino))
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                facts = _facts(entry)
                if stat.S_ISDIR(facts.st_mode):
                    (links if entry.is_symlink() else folders).append(entry.path)
                else:
                    found[entry.path] = {"size": facts.st_size, "mtime": facts.st_mtime}
    return found


def _facts(entry: os.DirEntry[str]) -> os.stat_result:
    """Look at what an entry leads to, or, where a link leads nowhere, at the link; opening it will say why."""
    try:
        return entry.stat()
    except OSError:
        if "." not in entry.name:
            # By its name it was a folder; nobody would open it.
            raise
        return entry.stat(follow_symlinks=False)


def note_unread(run: Run, landing: Landing, files: Iterable[LandedFile]) -> None:
    """Add a sentence that names the files that nothing reads, but for hidden ones and such as are on their way."""
    below = len(landing.url) + 1
    unread = {file.url[below:] for file in files if not _is_read(run, file)}
    if meant := {name for name in unread if not _NOT_MEANT.search(name)}:
        run.notes.append(f"The folder of {run.source} has files that nothing reads: {listed(meant)}.")


def _is_read(run: Run, file: LandedFile) -> bool:
    return file.holds_events or (file.holds_ad_spend and run.source == "marketing")
