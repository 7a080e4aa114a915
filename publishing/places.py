"""What publishing must never replace: the warehouse, and any other file at the path of the marts."""

from contextlib import closing
from pathlib import Path

import duckdb

from publishing.errors import PublishError
from publishing.sessions import MEMORY_LIMIT, opened
from publishing.shelf import Shelf

# The first eight bytes of a DuckDB file are a checksum.
_MARK, _MARK_AT = b"DUCK", 8
_PUBLICATIONS = """
    select count(*) from duckdb_tables()
    where database_name = current_database() and schema_name = 'main' and table_name = 'publication'
"""


def is_same_file(one: Path, other: Path) -> bool:
    """Whether both lead to one file, also through links; case is ignored, because some disks ignore it."""
    if one.exists() and other.exists() and one.samefile(other):
        return True
    return str(one.resolve()).casefold() == str(other.resolve()).casefold()


def check_is_replaceable(shelf: Shelf) -> None:
    """Raise PublishError if the file at the path of the marts was never published."""
    marts = shelf.marts
    if not marts.exists() or marts.stat().st_size == 0:
        return
    found = _is_publication(marts)
    # A file that is locked by a writer may be ours if anything was published here.
    if found is None:
        found = shelf.read().current is not None
    if not found:
        raise PublishError(
            f"{marts} is no file that was published, and publishing would replace it. Move it away, or give "
            "MARTS_PATH another name; nothing was changed."
        )


def _is_publication(file: Path) -> bool | None:
    """Whether it has the table of every publication; None if that is unknown."""
    with file.open("rb") as content:
        content.seek(_MARK_AT)
        if content.read(len(_MARK)) != _MARK:
            return False
    try:
        with closing(opened(file, read_only=True, memory_limit=MEMORY_LIMIT)) as connection:
            return connection.execute(_PUBLICATIONS).fetchone() == (1,)
    except duckdb.Error:
        return None
