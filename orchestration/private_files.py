"""Everything that the pipeline writes is its owner's alone, what earlier versions left open too."""

import os
from collections.abc import Iterator
from pathlib import Path

from orchestration.settings import Settings
from publishing.readers import readers_of
from publishing.shelf import Shelf
from security.private import keep_files_private, make_private

_DEFAULT_DATA = Path(__file__).resolve().parents[1] / "data"


def protect(settings: Settings, home: Path) -> None:
    """Create files for their owner alone from now on, and close those that are open; publishing opens its own."""
    keep_files_private()
    make_private([home, *_written(settings)])


def _written(settings: Settings) -> Iterator[Path]:
    folder = settings.warehouse.parent
    shelf = Shelf(settings.marts)
    published = {shelf.marts, shelf.parquet_link, shelf.folder, *shelf.dictionaries.values()}
    if folder == _DEFAULT_DATA and folder.is_dir():
        # The folder is the project's own. A folder of another name may be anything, `/tmp` for one.
        if readers_of(os.environ) is None or settings.marts.parent != folder:
            yield folder
        yield from (path for path in folder.iterdir() if path not in published)
        return
    yield from (settings.warehouse, settings.data_docs, settings.dbt_target)
    if folder.is_dir():
        yield from folder.glob(f"{settings.warehouse.name}.*")
        yield from folder.glob("refresh*.log")
