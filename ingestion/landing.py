"""Landed files, listed and opened through fsspec: a local folder, ``s3://``, ``gs://`` or ``az://``."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from dlt.common.configuration import resolve_configuration
from dlt.common.configuration.exceptions import ConfigFieldMissingException
from dlt.common.exceptions import MissingDependencyException
from dlt.common.storages import FilesystemConfiguration, fsspec_from_config
from dlt.common.storages.fsspec_filesystem import MTIME_DISPATCH

from ingestion.errors import NotConfiguredError, SourceError, cause_of
from ingestion.settings import is_default, setting, variable

KEY = "bucket_url"
_EVENTS = re.compile(r"\.(jsonl|json|gz)\Z", re.IGNORECASE)
_AD_SPEND = re.compile(r"(\A|/)ad_spend/[^/]*\.csv(\.gz)?\Z", re.IGNORECASE)


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
        """Tell advertising costs by their folder and name."""
        return _AD_SPEND.search(self.path) is not None

    @property
    def holds_events(self) -> bool:
        """Tell a file of messages by its name; anything gzipped is one, but for advertising costs."""
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
            if self.is_local:
                # A folder that is missing or closed would otherwise look like an empty one.
                next(Path(root).iterdir(), None)
            # Nor may a folder below it that cannot be listed.
            errors = {"on_error": "raise"} if self.is_local else {}
            found: dict[str, Any] = self.files.find(root, detail=True, **errors)
        except Exception as error:
            raise SourceError(self.source, f"cannot list {self.url}: {cause_of(error)}") from error
        listed = [self._landed(root, path, info) for path, info in found.items()]
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
