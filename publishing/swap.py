"""Swaps the published version, so that a process killed in the middle leaves a complete one.

    copies next to what is published -> versions.json names the next version -> renames -> it is the current one

A rename is one step for readers. The next process completes a swap that was interrupted by a kill.
"""

import os
import shutil
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from publishing.errors import PublishError
from publishing.readers import readers_of
from publishing.shelf import Index, Shelf, Version, sync
from security.private import make_private

KEPT_VERSIONS = 3
_OURS = ("staged.duckdb*", "parquet-*", "data_dictionary-*", "versions.new")


def bring_forward(shelf: Shelf, version: str, versions: tuple[Version, ...]) -> None:
    """Publish `version`, one of `versions`; remove all but the last few.

    Readers that have the old file open go on reading it.
    """
    # Everything that needs disk space comes before the first rename.
    copies = _copies(shelf, version)
    open_to_readers(shelf, version, [copy for copy in copies if not copy.is_symlink()])
    shelf.write(Index(shelf.read().current, versions, next=version))
    _make_way_for_link(shelf, versions)
    for copy, published in copies.items():
        copy.replace(published)
    sync(shelf.marts.parent)
    shelf.write(Index(version, versions[-KEPT_VERSIONS:]))
    sweep(shelf)


def open_to_readers(shelf: Shelf, version: str, files: Sequence[Path]) -> None:
    """Let the readers in MARTS_READERS, or else only the owner, read published files and a version's Parquet."""
    try:
        readers = readers_of(os.environ)
    except ValueError as error:
        raise PublishError(str(error)) from None
    folder = shelf.parquet_of(version)
    if readers is None:
        make_private([shelf.folder, *files])
        return
    readers.open_files([*files, *folder.iterdir()])
    readers.open_folder(folder)
    readers.open_way(shelf.folder)
    readers.open_way(shelf.marts.parent)


def settle(shelf: Shelf) -> None:
    """Complete the swap of a killed process, and remove leftovers of such processes."""
    index = shelf.read()
    following = index.find(index.next)
    if following is not None and shelf.is_whole(following):
        bring_forward(shelf, following.name, index.versions)
    elif index.next is not None:
        shelf.write(Index(index.current, index.versions))
    sweep(shelf)


def sweep(shelf: Shelf) -> None:
    """Remove files that belong to no kept version."""
    kept = {path for version in shelf.read().versions for path in shelf.paths_of(version.name)}
    for pattern in (*_OURS, f"{shelf.marts.stem}-*.duckdb*"):
        for path in shelf.folder.glob(pattern):
            if path not in kept:
                _remove(path)
    for published in (shelf.marts, shelf.parquet_link, *shelf.dictionaries.values()):
        _copy_of(published).unlink(missing_ok=True)


def _copies(shelf: Shelf, version: str) -> dict[Path, Path]:
    """Copy the new files next to the published ones, and return the renames."""
    sources = {shelf.marts: shelf.file_of(version)}
    sources |= {page: shelf.dictionary_of(version, suffix) for suffix, page in shelf.dictionaries.items()}
    for published, source in sources.items():
        _copy(source, _copy_of(published))
    link = _copy_of(shelf.parquet_link)
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(shelf.parquet_of(version), link.parent), target_is_directory=True)
    return {_copy_of(published): published for published in (shelf.parquet_link, *sources)}


def _make_way_for_link(shelf: Shelf, versions: tuple[Version, ...]) -> None:
    """Remove a folder in place of the link, as a tool leaves that copies without links.

    It is kept next to the marts, unless it has only files of kept versions.
    """
    folder = shelf.parquet_link
    if folder.is_symlink() or not folder.is_dir():
        return
    ours = {checksum for version in versions for checksum in version.parquet_checksums.values()}
    if all(file.is_file() and shelf.checksum_of(file) in ours for file in folder.iterdir()):
        # Removed with the files of removed versions, by the next process if this one is killed.
        aside = shelf.folder / "parquet-copied"
        _remove(aside)
    else:
        names = (folder.with_name(f"{folder.name}.old-{number}") for number in count(1))
        aside = next(name for name in names if not name.exists())
    folder.rename(aside)


def _copy(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    shutil.copyfile(source, target)
    # A tool that opens the file to write would lock out all others, and the next run would undo what it wrote.
    target.chmod(target.stat().st_mode & 0o555)
    sync(target)


def _copy_of(published: Path) -> Path:
    return published.with_name(f".{published.name}.new")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
