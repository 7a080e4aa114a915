"""Writes a new warehouse next to the old one, without the person: raw tables, ledgers, rejects, the registry of ids.

Rows are not deleted in the old file, because its freed blocks would keep them. Tables that a full refresh keeps are
copied; everything else is built from the raw tables afterwards.
"""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from ingestion.identifiers import CARRIED
from ingestion.load.erased import OF_BUYER, RECEIPTS, RECORD, hash_of_stripped
from rights.journal import Journal
from rights.stripping import (
    DOCUMENTS,
    IDS,
    Traces,
    scrubbed_text,
    sql_pattern,
    stripped_event,
    stripped_message,
)
from rights.verdicts import EVENTS, ORDER, REMOVED
from security.keyed_hash import hmac, set_key
from storage.sessions import attach, open_file
from storage.sql import literal

REGISTRY = "intermediate.int_identity__assignments"
# Tables, like the registry, that a full refresh does not build.
NAMING_KEY, HEALTH = "intermediate.int_identity__naming_key", "marts.mart_identity_health"
SEGMENTS, DEFINITIONS = "marts.fct_segment_changes", "intermediate.int_segments__definitions"
_STRIPPED = "erased"
_RIGHTS = """
    CREATE SCHEMA IF NOT EXISTS rights;
    CREATE TABLE IF NOT EXISTS rights.suppressions (
        hash VARCHAR, erased_at TIMESTAMPTZ, is_kept BOOLEAN, erasure_id VARCHAR);
    CREATE TABLE IF NOT EXISTS rights.erasures (
        erasure_id VARCHAR, erased_at TIMESTAMPTZ, reason VARCHAR, erased_by VARCHAR, counts JSON)"""


def write_new_warehouse(
    old: Path, new: Path, journal: Journal, traces: Traces, key: str, memory_limit: str
) -> None:
    """Write `new` from `old` without the person of the journal. Overwrites leftovers of an earlier process."""
    for left in (new, new.with_name(f"{new.name}.wal")):
        left.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.unlink()
    with closing(open_file(new, memory_limit=memory_limit)) as connection:
        new.chmod(0o600)
        connection.execute("SET preserve_insertion_order = true")
        attach(connection, old, "old")
        connection.execute(
            "CREATE TEMPORARY TABLE verdicts (raw_table VARCHAR, key_text VARCHAR, verdict VARCHAR)"
        )
        _fill(connection, "verdicts", journal.verdicts)
        _copy_raw(connection, traces)
        _correct_ledger(connection, journal)
        _copy_kept(connection, journal)
        _suppress(connection, journal, key)
        connection.execute("CHECKPOINT")


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[list[str]]) -> None:
    if rows:
        columns = list(zip(*rows, strict=True))
        marks = ", ".join(f"unnest(${number})" for number in range(1, len(columns) + 1))
        connection.execute(f"INSERT INTO {table} SELECT {marks}", [list(column) for column in columns])


def _statements(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT table_name, sql FROM duckdb_tables() WHERE database_name = 'old' AND schema_name = ?",
        [schema],
    ).fetchall()
    return dict(rows)


def _copy_raw(connection: duckdb.DuckDBPyConnection, traces: Traces) -> None:
    """Copy the rows that do not concern the person, then the others without the person.

    Rows are changed before they are copied, because an update would leave the old row in the file.
    """
    connection.execute("CREATE SCHEMA raw")
    for table, statement in _statements(connection, "raw").items():
        connection.execute(statement)
        others = "true"
        if carried := CARRIED.get(table):
            others = f"{carried.key_text} NOT IN (SELECT key_text FROM verdicts WHERE raw_table = '{table}')"
        elif table == "rejects":
            others = "reject_id NOT IN (SELECT reject_id FROM found_rejects)"
            _find_rejects(connection, traces)
        elif table == "observed_fields" and traces.written:
            # Names of events and fields may contain the person's.
            others = (
                f"NOT regexp_matches(lower(concat_ws(' ', object, field)), {literal(sql_pattern(traces))})"
            )
        connection.execute(f'INSERT INTO raw."{table}" SELECT * FROM old.raw."{table}" WHERE {others}')
        if table in CARRIED:
            _copy_stripped(connection, table, traces)
        elif table == "rejects":
            connection.execute("""
                INSERT INTO raw.rejects
                SELECT * REPLACE (NULL AS record, NULL AS detail, NULL AS locator) FROM old.raw.rejects
                SEMI JOIN found_rejects USING (reject_id)""")


def _find_rejects(connection: duckdb.DuckDBPyConnection, traces: Traces) -> None:
    """Make the table `found_rejects`: rejects that contain the person. Their count stays."""
    rows = connection.execute("SELECT reject_id, record, detail, locator FROM old.raw.rejects").fetchall()
    found = [
        [reject_id]
        for reject_id, *texts in rows
        if any(text is not None and (traces.is_in(text) or traces.is_id(text)) for text in texts)
    ]
    connection.execute("CREATE TEMPORARY TABLE found_rejects (reject_id VARCHAR)")
    _fill(connection, "found_rejects", found)


def _copy_stripped(connection: duckdb.DuckDBPyConnection, table: str, traces: Traces) -> None:
    """Copy the rows of a table that are kept without the person."""
    carried = CARRIED[table]
    found = connection.execute(f"""
        SELECT verdict, kept.* FROM old.raw.{table} AS kept JOIN verdicts ON verdicts.key_text = {carried.key_text}
        WHERE verdicts.raw_table = '{table}' AND verdict <> '{REMOVED}'""")
    names = [column[0] for column in found.description or []][1:]
    rows = [
        list(_stripped(table, verdict, dict(zip(names, values, strict=True)), traces).values())
        for verdict, *values in found.fetchall()
    ]
    if rows:
        connection.executemany(f"INSERT INTO raw.{table} VALUES ({', '.join('?' * len(names))})", rows)
    if table == RECEIPTS:
        # The same hash as in ingestion, so that a receipt that is delivered again is not new.
        version = hash_of_stripped("transaction_id || updated_at::VARCHAR")
        connection.execute(
            f"UPDATE raw.{table} SET record_hash = {version} WHERE record_hash = '{_STRIPPED}'"
        )


def _stripped(table: str, verdict: str, row: dict[str, Any], traces: Traces) -> dict[str, Any]:
    if table == RECEIPTS and verdict == ORDER:
        return {**row, **dict.fromkeys(OF_BUYER), "record_hash": _STRIPPED}
    if table in EVENTS:
        clean = _stripped_message(row, verdict, traces)
    else:
        clean = _stripped_row(row, CARRIED[table].key, traces)
    return {**clean, "record_hash": _STRIPPED} if clean != row else row


def _stripped_message(row: Mapping[str, Any], verdict: str, traces: Traces) -> dict[str, Any]:
    parts = {name: row[name] for name in IDS}
    parts |= {name: json.loads(row[name]) if row[name] else None for name in DOCUMENTS}
    clean = stripped_message(parts, verdict, traces)
    texts = {
        name: row[name]
        if clean[name] == parts[name]
        else None
        if clean[name] is None
        else json.dumps(clean[name])
        for name in DOCUMENTS
    }
    texts |= {
        "event": stripped_event(row["event"], traces),
        "name": scrubbed_text(row["name"], traces),
    }
    return {**row, **{name: clean[name] for name in IDS}, **texts}


def _stripped_row(row: Mapping[str, Any], key: tuple[str, ...], traces: Traces) -> dict[str, Any]:
    """Remove the person from a row of the store or support: from values, JSON and texts."""
    untouched = {*key, "record_hash", "_dlt_load_id"}
    return {
        name: scrubbed_text(value, traces) if isinstance(value, str) and name not in untouched else value
        for name, value in row.items()
    }


def _correct_ledger(connection: duckdb.DuckDBPyConnection, journal: Journal) -> None:
    """Subtract removed records from the counts of their loads, and record rewritten files as read."""
    for table, carried in CARRIED.items():
        of_file = "source_file" if table in EVENTS else "NULL::VARCHAR"
        connection.execute(f"""
            CREATE OR REPLACE TEMPORARY TABLE gone AS
            SELECT _dlt_load_id AS load_id, {of_file} AS object, count(*) AS records FROM old.raw.{table}
            WHERE {carried.key_text} IN (
                SELECT key_text FROM verdicts WHERE raw_table = '{table}' AND verdict = '{REMOVED}')
            GROUP BY ALL""")
        connection.execute(f"""
            WITH rows AS (
                SELECT ledger.rowid AS row_no, records_loaded, gone.records,
                    coalesce(sum(records_loaded) OVER (
                        PARTITION BY gone.load_id, gone.object ORDER BY ledger.object
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS loaded_before
                FROM raw.load_ledger AS ledger JOIN gone
                    ON ledger._dlt_load_id = gone.load_id AND coalesce(gone.object, ledger.object) = ledger.object
                WHERE ledger.table_name = '{table}'),
            shares AS (
                SELECT row_no, greatest(0, least(records_loaded, records - loaded_before)) AS share FROM rows)
            UPDATE raw.load_ledger SET records_read = records_read - share, records_loaded = records_loaded - share
            FROM shares WHERE load_ledger.rowid = shares.row_no""")
    for url, (before, checksum, size, modified_at) in journal.rewritten.items():
        connection.execute(
            """
            UPDATE raw.load_ledger SET checksum = ?, bytes = ?, modified_at = ?::TIMESTAMPTZ
            WHERE object = ? AND checksum = ?""",
            [checksum, size, modified_at, url, before],
        )


def _copy_kept(connection: duckdb.DuckDBPyConnection, journal: Journal) -> None:
    """Copy the registry of ids without the person, and other tables that a full refresh keeps."""
    connection.execute("CREATE TEMPORARY TABLE gone_ids (customer_id VARCHAR)")
    connection.execute("CREATE TEMPORARY TABLE gone_nodes (node VARCHAR)")
    _fill(connection, "gone_ids", [[each] for each in journal.customer_ids])
    _fill(connection, "gone_nodes", [[each] for each in journal.nodes])
    is_gone = "{} IN (SELECT customer_id FROM gone_ids)"
    selects = {
        REGISTRY: f"""
            * REPLACE (
                CASE WHEN NOT {is_gone.format("coalesce(previous_customer_id, '')")} THEN previous_customer_id END
                    AS previous_customer_id,
                CASE WHEN NOT {is_gone.format("coalesce(previous_customer_id, '')")} THEN link_id END AS link_id)
            FROM old.{REGISTRY}
            WHERE NOT {is_gone.format("customer_id")} AND node NOT IN (SELECT node FROM gone_nodes)""",
        HEALTH: f"""
            * REPLACE (
                CASE WHEN NOT {is_gone.format("coalesce(largest_customer_id, '')")} THEN largest_customer_id END
                    AS largest_customer_id,
                CASE WHEN NOT {is_gone.format("coalesce(largest_customer_id, '')")} THEN largest_person_bridge END
                    AS largest_person_bridge)
            FROM old.{HEALTH}""",
        NAMING_KEY: f"* FROM old.{NAMING_KEY}",
        SEGMENTS: f"* FROM old.{SEGMENTS} WHERE NOT {is_gone.format('customer_id')}",
        DEFINITIONS: f"* FROM old.{DEFINITIONS}",
    }
    for kept, select in selects.items():
        schema, table = kept.split(".")
        if statement := _statements(connection, schema).get(table):
            connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            connection.execute(statement)
            connection.execute(f"INSERT INTO {kept} SELECT {select}")


def _suppress(connection: duckdb.DuckDBPyConnection, journal: Journal, key: str) -> None:
    """Add the person's identifiers and records, as keyed hashes, to the list of what is not loaded again."""
    connection.execute(_RIGHTS)
    if _statements(connection, "rights"):
        for table in ("suppressions", "erasures"):
            # Except its own rows: a process that was killed after the swap repeats this.
            connection.execute(
                f"INSERT INTO rights.{table} SELECT * FROM old.rights.{table} WHERE erasure_id <> ?",
                [journal.erasure_id],
            )
    connection.execute("CREATE TEMPORARY TABLE listed (text VARCHAR, is_kept BOOLEAN)")
    _fill(
        connection,
        "listed",
        [[f"{kind}:{value}", str(journal.keeps_orders)] for kind, value in journal.values],
    )
    _fill(
        connection,
        "listed",
        [[f"{RECORD}{table}:{text}", str(verdict != REMOVED)] for table, text, verdict in journal.verdicts],
    )
    set_key(connection, key)
    connection.execute(
        f"""
        INSERT INTO rights.suppressions
        SELECT {hmac("text")}, ?::TIMESTAMPTZ, is_kept, ? FROM listed""",
        [journal.asked_at, journal.erasure_id],
    )
    connection.execute(
        "INSERT INTO rights.erasures VALUES (?, ?::TIMESTAMPTZ, ?, ?, ?)",
        [journal.erasure_id, journal.asked_at, journal.reason, journal.by, json.dumps(journal.counts)],
    )
