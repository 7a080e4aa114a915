"""Erasure, step by step. Each step can be repeated, so the same command finishes a killed erasure.

found      the journal has the person and what happens to each record
landed     landing files are rewritten
swapped    the new warehouse, without the person and built in full, has replaced the old one
published  the rest is published, and no older version is kept
(done)     logs, reports and records of tools are clean, no file has a trace, the certificate is written
"""

import hashlib
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import duckdb
from sqlalchemy import make_url

from ingestion.identifiers import CARRIED
from ingestion.lake import LakeError, lake_url, write_lake
from ingestion.settings import setting
from publishing import publish, publish_private
from publishing.shelf import sync
from publishing.versions import forget_older
from rights.journal import (
    FOUND,
    LANDED,
    PUBLISHED,
    SWAPPED,
    Journal,
    forget_journal,
    read_journal,
    write_journal,
)
from rights.landed import Rewritten, rewrite_landing
from rights.person import find_person, note_person
from rights.places import Places, RightsError
from rights.rewriting import write_new_warehouse
from rights.stripping import Traces, sql_pattern, traces_of
from rights.sweeping import Sweep, sweep
from rights.verdicts import note_mentions, note_verdicts
from stewardship.rebuild import RebuildError, rebuild
from stewardship.verify import VerifyError, clock_of_build
from storage.sessions import attach, open_file, open_in_memory

Say = Callable[[str], None]
Build = Callable[[Places, Path, str], Path]


def find(places: Places, who: Sequence[str], reason: str, by: str) -> Journal:
    """Find the person and what happens to their records. Changes nothing; raises RightsError."""
    if not places.warehouse.exists():
        raise RightsError(f"There is no warehouse at {places.warehouse}.")
    with closing(open_in_memory(places.memory_limit)) as connection:
        try:
            attach(connection, places.warehouse, "old")
            person = find_person(connection, who)
            note_person(connection, person)
            note_verdicts(connection, keeps_orders=places.keeps_orders)
        except duckdb.IOException as error:
            raise RightsError(f"The warehouse {places.warehouse} cannot be read: {error}") from error
        except duckdb.CatalogException as error:
            raise RightsError(f"The warehouse is not built yet: {str(error).splitlines()[0]}") from error
        values = connection.execute("SELECT DISTINCT kind, value FROM my_values ORDER BY ALL").fetchall()
        nodes = connection.execute("SELECT DISTINCT node, value FROM my_nodes ORDER BY ALL").fetchall()
        # Records have the network and the handle of a social account in separate fields.
        handles = {value.partition(":")[2] for node, value in nodes if node.startswith("social:")}
        # The hashes that were sent to advertising platforms.
        contacts = {value for node, value in nodes if node.startswith(("email:", "phone:"))}
        hashes = {hashlib.sha256(value.encode()).hexdigest() for value in contacts}
        texts = {value for _, value in [*values, *nodes]}
        parts = sorted({*texts, *handles, *hashes, *person.customer_ids, *_names(connection)})
        note_mentions(connection, sql_pattern(traces_of([], parts, "")))
        verdicts = connection.execute("SELECT DISTINCT * FROM verdicts ORDER BY ALL").fetchall()
    counts: dict[str, Counter[str]] = {}
    for table, _, verdict in verdicts:
        counts.setdefault(table, Counter())[verdict] += 1
    return Journal(
        erasure_id=uuid4().hex,
        who=list(who),
        reason=reason,
        by=by,
        asked_at=datetime.now(UTC).isoformat(),
        step=FOUND,
        customer_ids=list(person.customer_ids),
        keeps_orders=places.keeps_orders,
        values=[list(pair) for pair in values],
        nodes=[node for node, _ in nodes],
        parts=parts,
        record_ids=sorted({text for _, text, _ in verdicts}),
        verdicts=[list(row) for row in verdicts],
        counts={table: dict(found) for table, found in counts.items()},
    )


def _names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the person's full names that nobody else has."""
    rows = connection.execute("""
        SELECT DISTINCT full_name FROM old.marts.dim_customers SEMI JOIN my_ids USING (customer_id)
        WHERE full_name LIKE '% %' AND lower(full_name) NOT IN (
            SELECT lower(full_name) FROM old.marts.dim_customers ANTI JOIN my_ids USING (customer_id)
            WHERE full_name IS NOT NULL)""").fetchall()
    return [name for (name,) in rows]


def build_with_dbt(places: Places, new: Path, run_at: str) -> Path:
    """Build the new warehouse in full; return dbt's manifest. A RightsError leaves the old one unchanged."""
    try:
        rebuild(
            places.dbt_project, new, ["--full-refresh"], RUN_AT=run_at, IDENTITY_SALT=places.hashing_key()
        )
    except RebuildError as error:
        raise RightsError(f"What is left could not be built; the warehouse is as it was:\n{error}") from error
    return new.parent / "target" / "manifest.json"


def forget(places: Places, journal: Journal, say: Say, build: Build = build_with_dbt) -> Path:
    """Erase the person of the journal, starting at its step; return the certificate. Raises RightsError.

    `build` builds the models of a warehouse with raw tables, with a clock, and returns dbt's manifest.
    """
    begun = time.monotonic()
    journal = write_journal(places.work, journal)
    traces = traces_of(_ids(journal), journal.parts, places.suppression_key())
    if journal.step == FOUND:
        say("Rewriting landing files")
        journal = _rewrite_landing(places, journal, traces)
    if journal.step == LANDED:
        say("Writing a new warehouse without the person, and building it in full")
        journal = _swap_warehouse(places, journal, traces, build)
    if journal.step == SWAPPED:
        say("Publishing the rest, and removing older versions")
        journal = _publish(places, journal)
    say("Cleaning logs, reports and records of tools")
    swept = _sweep(places, journal, traces)
    if swept.left:
        raise RightsError(
            "Something of the person is still in these files, which cannot be rewritten; remove them and ask again: "
            + ", ".join(str(file) for file in swept.left)
        )
    certificate = _certify(places, journal, swept, time.monotonic() - begun)
    forget_journal(places.work)
    return certificate


def under_way(places: Places) -> Journal | None:
    """Return the erasure that was begun and not finished, if there is one."""
    return read_journal(places.work)


def _ids(journal: Journal) -> list[str]:
    return [*(value for _, value in journal.values), *(node.partition(":")[2] for node in journal.nodes)]


def _rewrite_landing(places: Places, journal: Journal, traces: Traces) -> Journal:
    verdicts: dict[str, dict[str, str]] = {}
    for table, text, verdict in journal.verdicts:
        verdicts.setdefault(table, {})[text] = verdict
    rewritten = dict(journal.rewritten)

    def note(files: list[Rewritten]) -> None:
        for file in files:
            before = rewritten.get(file.url, [file.checksum_before])[0]
            rewritten[file.url] = [before, file.checksum, file.size, file.modified_at.isoformat()]
        write_journal(places.work, journal.at(FOUND, rewritten=rewritten))

    lines = rewrite_landing(verdicts, traces, note)
    counts = {**journal.counts, "landing files": {"rewritten": len(rewritten), "lines": lines}}
    return write_journal(places.work, journal.at(LANDED, rewritten=rewritten, counts=counts))


def _swap_warehouse(places: Places, journal: Journal, traces: Traces, build: Build) -> Journal:
    new = places.work / places.warehouse.name
    try:
        run_at = clock_of_build(places.warehouse, places.marts)
    except VerifyError as error:
        raise RightsError(str(error)) from error
    write_new_warehouse(places.warehouse, new, journal, traces, places.suppression_key(), places.memory_limit)
    manifest = build(places, new, run_at)
    sync(new)
    # Remove the old file's write-ahead log first, or it would be applied to the new file.
    places.warehouse.with_name(f"{places.warehouse.name}.wal").unlink(missing_ok=True)
    # A slice for development has people's records too.
    for slice_file in places.warehouse.parent.glob("slice.duckdb*"):
        slice_file.unlink()
    new.replace(places.warehouse)
    sync(places.data)
    if url := lake_url():
        try:
            write_lake(places.warehouse, url)
        except LakeError as error:
            raise RightsError(
                f"The person is still in the lake; ask again when it can be written: {error}"
            ) from error
    return write_journal(places.work, journal.at(SWAPPED, manifest=str(manifest)))


def _publish(places: Places, journal: Journal) -> Journal:
    manifest = Path(journal.manifest)
    run_at, sources = datetime.fromisoformat(clock_of_build(places.warehouse, places.marts)), {}
    if places.marts.exists():
        with closing(open_file(places.marts, read_only=True)) as connection:
            found = connection.execute("SELECT sources FROM publication").fetchone()
            sources = dict(found[0]) if found else {}
        published = publish(
            warehouse=places.warehouse,
            marts=places.marts,
            manifest=manifest,
            run_at=run_at,
            sources=sources,
            publish_pii=places.publish_pii,
            key="" if places.publish_pii else places.hashing_key(),
            memory_limit=places.memory_limit,
        )
        if places.private_marts is not None:
            publish_private(
                warehouse=places.warehouse,
                marts=places.marts,
                private=places.private_marts,
                manifest=manifest,
                version=published.version,
                run_at=published.run_at,
                sources=sources,
                memory_limit=places.memory_limit,
            )
        forget_older(places.marts)
    return write_journal(places.work, journal.at(PUBLISHED))


def _sweep(places: Places, journal: Journal, traces: Traces) -> Sweep:
    shutil.rmtree(places.dlt_state, ignore_errors=True)
    _remove_exports(places, journal)
    roots = [places.data, places.dagster_home, *_published(places)]
    roots += [places.dbt_project / name for name in ("seeds", "target", "logs")]
    spared = [places.work, places.warehouse, *_sources(places)]
    removed = [text for _, text, verdict in journal.verdicts if verdict == "removed"]
    return sweep([root for root in roots if root.exists()], spared, traces, removed)


def _published(places: Places) -> Iterator[Path]:
    """List the published files. Other files of such a folder are not ours."""
    for file in (places.marts, places.private_marts):
        if file is not None and file.parent.exists():
            ours = (file.stem, "data_dictionary")
            yield from (each for each in file.parent.iterdir() if each.name.startswith(ours))


def _remove_exports(places: Places, journal: Journal) -> None:
    """Remove earlier exports for the person, including texts without any identifier."""
    for file in places.exports.glob("*/person.json"):
        known = json.loads(file.read_text(encoding="utf-8"))
        if not set(journal.customer_ids).isdisjoint(known["customer_ids"]):
            shutil.rmtree(file.parent)


def _sources(places: Places) -> list[Path]:
    """Return files of the sources below our folders, as in the demo, which we do not change."""
    spared = [places.data / "support", places.data / "truth"]
    database = make_url(setting("store", "credentials"))
    if database.get_backend_name() == "sqlite" and database.database:
        spared.append(Path(database.database).absolute())
    return spared


def _certify(places: Places, journal: Journal, swept: Sweep, seconds: float) -> Path:
    """Write the certificate, without personal data."""
    places.certificates.mkdir(mode=0o700, exist_ok=True)
    file = places.certificates / f"{journal.erasure_id}.json"
    certificate = {
        "erasure_id": journal.erasure_id,
        "asked_at": journal.asked_at,
        "finished_at": datetime.now(UTC).isoformat(),
        "seconds": round(seconds, 1),
        "reason": journal.reason,
        "erased_by": journal.by,
        "identifiers": len(journal.nodes),
        "orders_kept_as_anonymous_facts": journal.keeps_orders,
        "records": journal.counts,
        "other_files_rewritten": swept.rewritten,
        "files_with_a_trace_left": 0,
        "not_erased": {
            "why": "The sources keep the person until they erase too; records that they deliver again are skipped.",
            "sources": sorted({table.partition("_")[0] for table in journal.counts if table in CARRIED}),
            "files_of_sources": [str(path) for path in _sources(places) if path.exists()],
        },
    }
    file.write_text(json.dumps(certificate, indent=2) + "\n", encoding="utf-8")
    file.chmod(0o600)
    sync(file)
    return file
