"""The kept versions of the marts: lists them, and restores one."""

from pathlib import Path

from publishing.errors import PublishError, in_words
from publishing.places import check_is_replaceable
from publishing.shelf import PATIENCE_SECONDS, Index, Shelf, Version
from publishing.swap import bring_forward, settle, sweep


def kept_versions(marts: Path) -> tuple[str | None, list[Version]]:
    """Return the current version's name and all kept versions of the marts at `marts`, oldest first."""
    index = Shelf(marts).read()
    return index.current, list(index.versions)


def rollback(marts: Path, version: str | None = None, patience_seconds: float = PATIENCE_SECONDS) -> Version:
    """Publish a kept version again: `marts`, Parquet and dictionary. The next changed run publishes over it.

    Without `version`, the one kept before the current one. Raises PublishError if it is not kept or was altered, if
    `marts` is a file that was never published, and if another process publishes for longer than `patience_seconds`.
    """
    shelf = Shelf(marts.absolute())
    if not shelf.folder.exists():
        raise PublishError(f"Nothing is published at {marts}, so there is nothing to go back to.")
    with in_words(shelf.marts), shelf.locked(patience_seconds):
        check_is_replaceable(shelf)
        settle(shelf)
        index = shelf.read()
        found = _before_the_current(index) if version is None else _named(index, version)
        if not shelf.is_whole(found):
            raise PublishError(
                f"The files of version {found.name} are missing or were changed since it was published."
            )
        bring_forward(shelf, found.name, index.versions)
    return found


def _named(index: Index, name: str) -> Version:
    found = index.find(name)
    if found is None:
        raise PublishError(f"There is no version {name} to roll back to; kept are: {_names(index)}.")
    return found


def _before_the_current(index: Index) -> Version:
    names = [version.name for version in index.versions]
    if index.current not in names or names.index(index.current) == 0:
        raise PublishError(
            f"There is no version before the published one ({index.current or 'none'}) to roll back to; "
            f"kept are: {_names(index)}."
        )
    return index.versions[names.index(index.current) - 1]


def _names(index: Index) -> str:
    return ", ".join(version.name for version in index.versions) or "none"


def forget_older(marts: Path, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Keep only the published version, for instance after an erasure: an older one would bring the person back.

    Raises PublishError if another process publishes for longer than `patience_seconds`.
    """
    shelf = Shelf(marts.absolute())
    with in_words(shelf.marts), shelf.locked(patience_seconds):
        settle(shelf)
        index = shelf.read()
        current = index.find(index.current)
        shelf.write(Index(index.current, (current,) if current else ()))
        sweep(shelf)
