"""Publishing, from the warehouse's marts to what BI opens: stage, audit, then swap."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from publishing.catalog import Mart, read_catalog
from publishing.dictionary import write_dictionaries
from publishing.errors import PublishError
from publishing.plan import Fingerprint, TablePlan, fingerprint, plan_tables
from publishing.versions import Shelf, Version, add, file_checksum, remove, swap
from publishing.writer import (
    PublicationRow,
    audit,
    connect_to_new,
    sync,
    write_marts,
    write_parquet,
    write_views,
)


@dataclass(frozen=True)
class Publication:
    """What is published now; `status` is `unchanged` where it already was."""

    status: Literal["published", "unchanged"]
    version: str
    run_at: datetime
    row_counts: Mapping[str, int]
    sources: Mapping[str, str]
    content_checksum: str
    marts: Path
    parquet: Path
    dictionary: Path


def publish(
    *,
    warehouse: Path,
    marts: Path,
    manifest: Path,
    run_at: datetime,
    sources: Mapping[str, str],
    publish_pii: bool = False,
    key: str = "",
) -> Publication:
    """Publish the warehouse's schema `marts`, as described by dbt's `manifest`, at the path `marts`.

    `run_at` is the run's clock, with an offset; `sources` says how each source ended; `key` is the secret of
    hashed columns. Raises PublishError with the old marts as they were.
    """
    if not warehouse.exists():
        raise PublishError(f"There is no warehouse at {warehouse}.")
    catalog = read_catalog(manifest)
    shelf = Shelf(marts.absolute())
    with shelf.locked():
        staged = shelf.folder / "staged.duckdb"
        _discard(staged)
        try:
            return _publish(shelf, staged, warehouse, catalog, run_at, sources, publish_pii, key)
        finally:
            _discard(staged)


def _publish(
    shelf: Shelf,
    staged: Path,
    warehouse: Path,
    catalog: Sequence[Mart],
    run_at: datetime,
    sources: Mapping[str, str],
    publish_pii: bool,
    key: str,
) -> Publication:
    with closing(connect_to_new(staged, warehouse)) as connection:
        plans = plan_tables(connection, catalog, publish_pii=publish_pii, key=key)
        fingerprints = {plan.mart.name: fingerprint(connection, f"({plan.query})") for plan in plans}
        checksum = _content_checksum(plans, fingerprints, sources, publish_pii)
        row_counts = {name: found.rows for name, found in fingerprints.items()}
        if current := _same_as_published(shelf, checksum):
            return _publication("unchanged", shelf, current, sources)
        row = PublicationRow(
            version=f"{run_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{checksum[:8]}",
            run_at=run_at,
            has_personal_data=publish_pii,
            sources=sources,
            row_counts=row_counts,
            content_checksum=checksum,
        )
        write_marts(connection, plans, row)
        if shelf.marts.stem != "marts":
            write_views(connection, [*row_counts, "publication"])
    audit(staged, plans, fingerprints)
    version = _shelve(shelf, staged, catalog, plans, row)
    swap(shelf, version.name)
    add(shelf, version)
    return _publication("published", shelf, version, sources)


def _shelve(
    shelf: Shelf, staged: Path, catalog: Sequence[Mart], plans: Sequence[TablePlan], row: PublicationRow
) -> Version:
    """Give the audited file its version's name, with Parquet and dictionary beside it."""
    remove(shelf, row.version)
    write_parquet(staged, [*(plan.mart.name for plan in plans), "publication"], shelf.parquet_of(row.version))
    write_dictionaries(
        catalog,
        row,
        html=shelf.dictionary_of(row.version, ".html"),
        markdown=shelf.dictionary_of(row.version, ".md"),
    )
    sync(staged)
    staged.replace(shelf.file_of(row.version))
    return Version(
        name=row.version,
        run_at=row.run_at.astimezone(UTC).isoformat(),
        content_checksum=row.content_checksum,
        file_checksum=file_checksum(shelf.file_of(row.version)),
        row_counts=dict(row.row_counts),
    )


def _content_checksum(
    plans: Sequence[TablePlan],
    fingerprints: Mapping[str, Fingerprint],
    sources: Mapping[str, str],
    publish_pii: bool,
) -> str:
    """Of rows, columns, descriptions and completeness: all that a reader can see, but for the clock."""
    content = {
        "personal_data": publish_pii,
        "sources": dict(sources),
        "tables": {
            plan.mart.name: {
                "rows": fingerprints[plan.mart.name].rows,
                "checksum": fingerprints[plan.mart.name].checksum,
                "description": plan.mart.description,
                "built_from": plan.mart.built_from,
                "columns": [
                    [column.name, column.data_type, column.description, column.pii]
                    for column in plan.mart.columns
                ],
            }
            for plan in plans
        },
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _same_as_published(shelf: Shelf, checksum: str) -> Version | None:
    """Return the current version, where it has this content and its file is as it was published."""
    name, versions = shelf.read()
    current = next((version for version in versions if version.name == name), None)
    if current is None or current.content_checksum != checksum:
        return None
    in_place = [shelf.marts, shelf.parquet_link, *shelf.dictionaries.values()]
    if not all(path.exists() for path in in_place) or file_checksum(shelf.marts) != current.file_checksum:
        return None
    return current


def _publication(
    status: Literal["published", "unchanged"], shelf: Shelf, version: Version, sources: Mapping[str, str]
) -> Publication:
    return Publication(
        status=status,
        version=version.name,
        run_at=datetime.fromisoformat(version.run_at),
        row_counts=version.row_counts,
        sources=sources,
        content_checksum=version.content_checksum,
        marts=shelf.marts,
        parquet=shelf.parquet_link,
        dictionary=shelf.dictionaries[".html"],
    )


def _discard(staged: Path) -> None:
    staged.unlink(missing_ok=True)
    staged.with_name(staged.name + ".wal").unlink(missing_ok=True)
