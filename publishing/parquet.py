"""The Parquet files of a version: written from its DuckDB file, or shared with a kept version of the same content.

A shared file is a hard link, one file under two names; if one version is removed, the other keeps it. `versions.json`
has the digest of its rows and columns, which identifies its content, and its checksum, which shows alterations.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from publishing.plan import Fingerprint, TablePlan
from publishing.restatements import TABLE as RESTATEMENTS
from publishing.sessions import for_each, opened
from publishing.shelf import Index, Shelf, file_checksum, parquet_file, sync
from storage.sql import identifier, literal

# A quarter less work than DuckDB's level 3, for files an eighth larger.
_FORMAT = "format parquet, compression zstd, compression_level 1"


def digests_of(plans: Sequence[TablePlan], fingerprints: Mapping[str, Fingerprint]) -> dict[str, str]:
    """Return the digest of each table's Parquet file, without descriptions."""
    return {plan.mart.name: _digest(plan, fingerprints[plan.mart.name]) for plan in plans}


def lay_parquet(
    shelf: Shelf, index: Index, version: str, file: Path, digests: Mapping[str, str], memory_limit: str
) -> dict[str, str]:
    """Write the folder of Parquet files of `version`, whose DuckDB file is `file`; return their checksums."""
    folder = shelf.parquet_of(version)
    folder.mkdir(parents=True)
    taken = {
        table: checksum
        for table, digest in digests.items()
        if (checksum := _take_over(shelf, index, table, digest, parquet_file(folder, table))) is not None
    }
    lacking = [table for table in (*digests, "publication", RESTATEMENTS) if table not in taken]
    written = _write(file, lacking, folder, memory_limit)
    sync(folder)
    return {**taken, **written}


def _digest(plan: TablePlan, found: Fingerprint) -> str:
    content = [found.rows, found.checksum, list(plan.columns.items())]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _take_over(shelf: Shelf, index: Index, table: str, digest: str, target: Path) -> str | None:
    """Link the newest kept file of the same content to `target` and return its checksum; None if there is none."""
    for kept in reversed(index.versions):
        source = parquet_file(shelf.parquet_of(kept.name), table)
        if kept.digests.get(table) != digest or not source.exists():
            continue
        _link(source, target)
        if shelf.checksum_of(target) == kept.parquet_checksums.get(table):
            return kept.parquet_checksums[table]
        target.unlink()
    return None


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        # Not every disk supports links; a full disk fails here.
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
        _settle(target)


def _write(file: Path, tables: Sequence[str], folder: Path, memory_limit: str) -> dict[str, str]:
    def write(session: duckdb.DuckDBPyConnection, table: str) -> str:
        target = parquet_file(folder, table)
        session.execute(f"copy {identifier(table)} to {literal(target)} ({_FORMAT})")
        _settle(target)
        return file_checksum(target)

    with closing(opened(file, read_only=True, memory_limit=memory_limit)) as connection:
        return dict(zip(tables, for_each(connection, tables, write), strict=True))


def _settle(target: Path) -> None:
    # Writing into it would change all versions that share it.
    target.chmod(target.stat().st_mode & 0o555)
    sync(target)
