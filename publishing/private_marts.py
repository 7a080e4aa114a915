"""The private publication: names, contacts and texts, in a file of its own that only its owner can read.

Off unless `MARTS_PRIVATE_PATH` is set. It has the version of the public one and its tables that identify people; it has
no Parquet, no kept versions and no readers but the owner, whatever `MARTS_READERS` says.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb

from publishing.catalog import Mart, read_catalog
from publishing.content import content_checksum
from publishing.errors import PublishError, in_words
from publishing.places import check_is_replaceable, is_same_file
from publishing.plan import contents_of, plan_tables
from publishing.sessions import MEMORY_LIMIT, opened
from publishing.shelf import Shelf, sync
from publishing.writer import PublicationRow, audit, connect_to_new, write_marts
from security.private import make_private

SETTING = "MARTS_PRIVATE_PATH"
# The tables of the customer page. Texts of touchpoints are in the timeline.
TABLES = ("dim_customers", "identity_links", "identity_map", "identity_review", "mart_customer_timeline")
_OWNER_READS = 0o400


def publish_private(
    *,
    warehouse: Path,
    marts: Path,
    private: Path,
    manifest: Path,
    version: str,
    run_at: datetime,
    sources: Mapping[str, str],
    memory_limit: str = MEMORY_LIMIT,
) -> bool:
    """Publish the tables that identify people at `private`; return False if they are there already.

    `version` is that of the public marts at `marts`, published from the same warehouse. Raises PublishError and leaves
    the file unchanged, also if the path leads to the warehouse, the public marts or a file that was never
    published.
    """
    for other, name in ((warehouse, "the warehouse"), (marts, "the published marts")):
        if is_same_file(private, other):
            raise PublishError(f"{SETTING} leads to {private}, which is {name}; nothing was changed.")
    catalog = [mart for mart in read_catalog(manifest) if mart.name in TABLES]
    staged = private.with_name(f".{private.name}.new")
    with in_words(private):
        check_is_replaceable(Shelf(private))
        private.parent.mkdir(parents=True, exist_ok=True)
        try:
            staged.unlink(missing_ok=True)
            if not _write(staged, private, warehouse, catalog, version, run_at, sources, memory_limit):
                make_private([private])
                return False
            staged.replace(private)
            sync(private.parent)
        finally:
            for left in (staged, staged.with_name(f"{staged.name}.wal")):
                left.unlink(missing_ok=True)
    return True


def _write(
    staged: Path,
    private: Path,
    warehouse: Path,
    catalog: Sequence[Mart],
    version: str,
    run_at: datetime,
    sources: Mapping[str, str],
    memory_limit: str,
) -> bool:
    """Write and audit `staged`; return False if `private` has the same content already."""
    with closing(connect_to_new(staged, warehouse, memory_limit)) as connection:
        # Before the first row is written, because the caller's umask may let others read.
        staged.chmod(0o600)
        plans = plan_tables(connection, catalog, publish_pii=True, key="")
        contents = contents_of(connection, plans)
        fingerprints = {name: content.whole for name, content in contents.items()}
        row = PublicationRow(
            version=version,
            run_at=run_at,
            has_personal_data=True,
            sources=sources,
            row_counts={name: found.rows for name, found in fingerprints.items()},
            content_checksum=content_checksum(plans, fingerprints, sources, True),
        )
        if _published(private) == (row.version, row.content_checksum):
            return False
        write_marts(connection, plans, row)
        connection.execute("checkpoint")
    audit(staged, plans, contents, memory_limit)
    staged.chmod(_OWNER_READS)
    sync(staged)
    return True


def _published(private: Path) -> tuple[str, str] | None:
    """Return the version and the checksum of the file; None if there is none, or it cannot be read.

    A name may change while its mask does not, so the version of the public marts is not enough.
    """
    if not private.exists():
        return None
    try:
        with closing(opened(private, read_only=True, memory_limit=MEMORY_LIMIT)) as connection:
            found = connection.execute("select version, content_checksum from publication").fetchone()
    except duckdb.Error:
        return None
    return (str(found[0]), str(found[1])) if found else None
