"""Publishing, from the warehouse's marts to the file that BI tools open: stage, audit, then swap."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal

from publishing.catalog import Mart, read_catalog
from publishing.content import content_checksum
from publishing.dictionary import Dictionary, write_dictionaries
from publishing.errors import PublishError, in_words
from publishing.metric_definitions import MetricDefinition, read_metrics
from publishing.parquet import digests_of, lay_parquet
from publishing.places import check_is_replaceable, is_same_file
from publishing.plan import contents_of, plan_tables
from publishing.restatement_causes import read_basis
from publishing.restatements import TABLE as RESTATEMENTS
from publishing.restatements import Before, write_restatements
from publishing.samples import sample_values
from publishing.sessions import MEMORY_LIMIT
from publishing.shelf import PATIENCE_SECONDS, Index, Shelf, Version, sync
from publishing.since import MadeFrom, Since, made_from, since_published
from publishing.swap import bring_forward, open_to_readers, settle, sweep
from publishing.writer import PublicationRow, audit, connect_to_new, write_marts, write_views


@dataclass(frozen=True)
class Publication:
    """The published version; `status` is `unchanged` if it was published already."""

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
    memory_limit: str = MEMORY_LIMIT,
    patience_seconds: float = PATIENCE_SECONDS,
) -> Publication:
    """Publish the warehouse's schema `marts`, as described by dbt's `manifest`, at the path `marts`.

    `run_at` is the run's clock, with an offset; `sources` has the result of each source; `key` is the secret of hashed
    columns; `memory_limit` is DuckDB's memory limit (`4GB`). Raises PublishError and leaves the old marts unchanged,
    also if another process publishes there for longer than `patience_seconds`, or if the file there is the warehouse
    itself or was never published.
    """
    if not warehouse.exists():
        raise PublishError(f"There is no warehouse at {warehouse}.")
    if is_same_file(warehouse, marts):
        raise PublishError(
            f"{marts} is the warehouse, which publishing would replace. Give MARTS_PATH a file of its own; nothing "
            "was changed."
        )
    catalog, metrics = read_catalog(manifest), read_metrics(manifest)
    shelf = Shelf(marts.absolute())
    with in_words(shelf.marts), shelf.locked(patience_seconds):
        check_is_replaceable(shelf)
        settle(shelf)
        try:
            return _publish(
                shelf, warehouse, catalog, metrics, run_at, sources, publish_pii, key, memory_limit
            )
        finally:
            sweep(shelf)


def _publish(
    shelf: Shelf,
    warehouse: Path,
    catalog: Sequence[Mart],
    metrics: Sequence[MetricDefinition],
    run_at: datetime,
    sources: Mapping[str, str],
    publish_pii: bool,
    key: str,
    memory_limit: str,
) -> Publication:
    index = shelf.read()
    now, since = _since(shelf, index, warehouse, catalog, publish_pii, key, memory_limit)
    if since is not None:
        shutil.copyfile(shelf.file_of(since.version.name), shelf.staged)
    with closing(connect_to_new(shelf.staged, warehouse, memory_limit)) as connection:
        plans = plan_tables(connection, catalog, publish_pii=publish_pii, key=key, since=since)
        contents = contents_of(connection, plans, since)
        fingerprints = {name: content.whole for name, content in contents.items()}
        checksum = content_checksum(plans, fingerprints, sources, publish_pii, metrics)
        row_counts = {name: found.rows for name, found in fingerprints.items()}
        if current := _same_as_published(shelf, index, checksum):
            open_to_readers(shelf, current.name, [shelf.marts, *shelf.dictionaries.values()])
            return _publication("unchanged", shelf, current, sources)
        name = f"{run_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{checksum[:8]}"
        if (kept := index.find(name)) is not None and shelf.is_whole(kept):
            bring_forward(shelf, name, _last(index, kept))
            return _publication("published", shelf, kept, sources)
        version_name, basis = _free(name, index), read_basis(connection)
        before = _before(shelf, index, since)
        restated = write_restatements(connection, catalog, before, basis, version_name, run_at)
        row = PublicationRow(
            version=version_name,
            run_at=run_at,
            has_personal_data=publish_pii,
            sources=sources,
            row_counts={**row_counts, RESTATEMENTS: restated},
            content_checksum=checksum,
        )
        # The largest first: a large one at the end would leave a processor idle.
        changed = [plan for plan in plans if contents[plan.mart.name].is_changed]
        changed.sort(key=lambda plan: -contents[plan.mart.name].part.rows)
        write_marts(connection, changed, row)
        if shelf.marts.stem != "marts" and since is None:
            write_views(connection, [*row.row_counts, "publication"])
        # DuckDB also does this on closing, but without reporting errors.
        connection.execute("checkpoint")
    audit(shelf.staged, changed, contents, memory_limit, warehouse=warehouse)
    version = replace(
        _shelve(shelf, index, catalog, metrics, row, digests_of(plans, fingerprints), memory_limit),
        fingerprints={name: found.checksum for name, found in fingerprints.items()},
        contacts={plan.mart.name: sorted(plan.contacts) for plan in plans if plan.contacts},
        made_from=asdict(now),
        basis=dict(basis),
    )
    bring_forward(shelf, version.name, _last(index, version))
    return _publication("published", shelf, version, sources)


def _since(
    shelf: Shelf,
    index: Index,
    warehouse: Path,
    catalog: Sequence[Mart],
    publish_pii: bool,
    key: str,
    memory_limit: str,
) -> tuple[MadeFrom, Since | None]:
    """Return the inputs of the warehouse, and its changes since the published version."""
    with closing(connect_to_new(Path(":memory:"), warehouse, memory_limit)) as connection:
        now = made_from(connection, catalog, publish_pii=publish_pii, key=key)
        return now, since_published(connection, shelf, index, now)


def _free(name: str, index: Index) -> str:
    """Return `name`, with a number if a kept version has it: readers may still have its Parquet files open."""
    numbered = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(each for each in numbered if index.find(each) is None)


def _last(index: Index, version: Version) -> tuple[Version, ...]:
    """Return the kept versions with `version` as the newest."""
    return (*(kept for kept in index.versions if kept.name != version.name), version)


def _shelve(
    shelf: Shelf,
    index: Index,
    catalog: Sequence[Mart],
    metrics: Sequence[MetricDefinition],
    row: PublicationRow,
    digests: dict[str, str],
    memory_limit: str,
) -> Version:
    """Rename the audited file to its version, with Parquet and dictionary next to it."""
    staged = shelf.staged
    parquet_checksums = lay_parquet(shelf, index, row.version, staged, digests, memory_limit)
    write_dictionaries(
        Dictionary(catalog, row, metrics, sample_values(staged, catalog, row.row_counts, memory_limit)),
        html=shelf.dictionary_of(row.version, ".html"),
        markdown=shelf.dictionary_of(row.version, ".md"),
    )
    sync(staged)
    staged.replace(shelf.file_of(row.version))
    sync(shelf.folder)
    return Version(
        name=row.version,
        run_at=row.run_at.astimezone(UTC).isoformat(),
        content_checksum=row.content_checksum,
        file_checksum=shelf.checksum_of(shelf.file_of(row.version)),
        row_counts=dict(row.row_counts),
        digests=digests,
        parquet_checksums=parquet_checksums,
    )


def _before(shelf: Shelf, index: Index, since: Since | None) -> Before | None:
    """Return the published version, if its files are unaltered."""
    current = since.version if since else index.find(index.current)
    if current is None or not shelf.is_whole(current):
        return None
    run_at = datetime.fromisoformat(current.run_at)
    return Before(shelf.file_of(current.name), current.name, run_at, current.basis, since)


def _same_as_published(shelf: Shelf, index: Index, checksum: str) -> Version | None:
    """Return the current version, if it has this content and all its files are unaltered."""
    current = index.find(index.current)
    if current is None or current.content_checksum != checksum or not shelf.is_whole(current):
        return None
    in_place = [shelf.marts, *shelf.dictionaries.values()]
    if not all(path.exists() for path in in_place) or shelf.checksum_of(shelf.marts) != current.file_checksum:
        return None
    return current if shelf.parquet_link.resolve() == shelf.parquet_of(current.name).resolve() else None


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
