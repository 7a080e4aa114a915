"""Records of erased people, which sources deliver again: passed over, or taken in without what says whose they were.

The list of them is the table `rights.suppressions`: keyed hashes of identifiers and of record keys, and until when. A
record is an erased person's if its key is on the list, or one of its identifiers, and it happened before the erasure.
What somebody does after they were erased is a new customer's. The warehouse is attached to the session meanwhile.
"""

from ingestion.identifiers import CARRIED, Carried
from ingestion.run import Run, Workbench
from security.keyed_hash import hmac, set_key
from storage.sql import literal

KEY_FILE = ".suppression_key"
LIST = "rights.suppressions"
RECORD = "record:"
RECEIPTS = "store_transactions"
# Columns of a receipt that say whose it is; kept receipts are facts of the books.
OF_BUYER = ("member_id", "customer_email", "customer_phone", "payment_token", "extras")
# Rejects of theirs: a sentence that says why would quote them.
_BROKEN = "reason IS NOT NULL AND rowid IN (SELECT row_no FROM erased_rows)"
_PLACE = "file_no, line_no, item_no"
_MAIL = r"""[^\s"'<>:,;]+@[^\s"'<>:,;]+"""


def note(run: Run, passed_over: int) -> None:
    """Say in the run's report how many records were passed over."""
    if passed_over:
        what = "record was" if passed_over == 1 else "records were"
        run.notes.append(f"{passed_over:,} {what} of people who were erased, and passed over.")


def hash_of_stripped(key: str) -> str:
    """SQL of the hash of a record that has lost what says whose it was; `key` is the SQL of its key and version."""
    return f"md5('erased ' || {key})"


def pass_over_messages(bench: Workbench, run: Run, table: str) -> None:
    """Count messages in ``judged`` of erased people as repetitions, also those that could not be loaded."""
    if not _find(bench, run, "judged", CARRIED[table], table):
        return
    bench.run(f"UPDATE judged SET reason = NULL, record = NULL WHERE {_BROKEN}")
    bench.run(f"""
        INSERT INTO passed_over SELECT {_PLACE} FROM judged
        WHERE reason IS NULL AND rowid IN (SELECT row_no FROM erased_rows)
            AND ({_PLACE}) NOT IN (SELECT ({_PLACE}) FROM passed_over)""")
    note(
        run,
        bench.number(
            "SELECT count(*) FROM judged WHERE reason IS NULL AND rowid IN (SELECT row_no FROM erased_rows)"
        ),
    )


def pass_over_rows(bench: Workbench, run: Run, table: str, staged: str) -> None:
    """Mark staged rows of erased people as outdated, also those that could not be loaded.

    Receipts that the books keep lose what says whose they are.
    """
    carried = CARRIED.get(table)
    if carried is None or not _find(bench, run, staged, carried, table):
        return
    of_erased = "reason IS NULL AND is_outdated IS NOT true AND rowid IN (SELECT row_no FROM erased_rows {})"
    if table == RECEIPTS:
        emptied = ", ".join(f"{column} = NULL" for column in OF_BUYER)
        version = hash_of_stripped("transaction_id || updated_at::VARCHAR")
        kept = of_erased.format("WHERE is_kept")
        bench.run(f"UPDATE {staged} SET {emptied}, record_hash = {version} WHERE {kept}")
    refused = of_erased.format("WHERE NOT is_kept")
    refused = f"({refused}) OR ({_BROKEN})"
    note(run, bench.number(f"SELECT count(*) FROM {staged} WHERE {refused}"))
    bench.run(f"UPDATE {staged} SET is_outdated = true, reason = NULL, record = NULL WHERE {refused}")


def forget_keys(bench: Workbench, run: Run, table: str, keys: str) -> None:
    """Take the keys of erased people's rows from the table ``keys``, so that nobody looks for these rows."""
    if table not in CARRIED or not _is_needed(bench, run):
        return
    hashed = hmac(f"{literal(RECORD + table + ':')} || {CARRIED[table].key_text}")
    bench.run(f"DELETE FROM {keys} WHERE {hashed} IN (SELECT hash FROM warehouse.{LIST} WHERE NOT is_kept)")


def _is_needed(bench: Workbench, run: Run) -> bool:
    """Whether anybody was erased; gives the session the key."""
    file = run.warehouse.with_name(KEY_FILE)
    if not file.exists():
        return False
    found = bench.rows(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'warehouse' AND schema_name = 'rights'"
    )
    set_key(bench.connection, file.read_text(encoding="utf-8").strip())
    return bool(found)


def _find(bench: Workbench, run: Run, relation: str, carried: Carried, table: str) -> bool:
    """Make the table ``erased_rows`` (row_no, is_kept) of the rows of ``relation``; False where nobody was erased."""
    if not _is_needed(bench, run):
        return False
    keys = [
        f"struct_pack(kind := {literal(RECORD + kind)}, value := {text})"
        for kind, text in (
            (table, carried.key_text),
            *((kind, f'"{c}"::VARCHAR') for kind, c in carried.hangs_on),
        )
    ]
    # A reject may be no JSON, but whoever is in it is there by an address.
    mails = f"""list_transform(
        CASE WHEN reason IS NOT NULL THEN regexp_extract_all(coalesce(record, ''), {literal(_MAIL)}) ELSE [] END,
        lambda mail: struct_pack(kind := 'email', value := lower(mail)))"""
    is_kept = "bool_and(is_kept)" if table == RECEIPTS else "false"
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE erased_rows AS
        WITH carried AS (
            SELECT rowid AS row_no, coalesce({carried.instant}, TIMESTAMPTZ '1970-01-01 00:00:00+00') AS happened_at,
                unnest([{", ".join(keys)}] || {carried.pairs} || {mails}, recursive := true)
            FROM {relation}),
        hashed AS (
            SELECT kind, value, {hmac("kind || ':' || value")} AS hash
            FROM (SELECT DISTINCT kind, value FROM carried WHERE value IS NOT NULL)),
        listed AS (
            SELECT kind, value, erased_at, is_kept FROM hashed JOIN warehouse.{LIST} USING (hash))
        SELECT row_no, {is_kept} AS is_kept
        FROM carried JOIN listed USING (kind, value)
        WHERE starts_with(kind, {literal(RECORD)}) OR happened_at <= erased_at
        GROUP BY row_no""")
    return True
