"""Rejects: what could not be loaded, kept as it came, with the reason and a sentence.

Of rejects of one object that are the same to the letter the first ones are kept, and the last of these says in
``records`` for how many it stands.
"""

from ingestion.records import DEEPEST, LARGEST_RECORD
from ingestion.run import Run, Workbench
from printable import escaped_sql
from storage.sql import literal

# Enough to see where they are; ten million of one kind would cost minutes and say no more.
KEPT_OF_SAME = 10
_SENTENCES = {
    "unreadable_bytes": "The line holds bytes that are not UTF-8 text; they are shown as \\xff.",
    "truncated_gzip": "The gzip stream breaks here; the lines before the break are loaded.",
    "record_too_large": f"The record is larger than {LARGEST_RECORD // 1024**2} MiB.",
    "unreadable_file": "The file cannot be read within the memory that ingestion has. It is not tried again until it"
    " changes.",
    "not_json": "The record is not JSON.",
    "not_an_object": "The record is JSON, but not an object.",
    "nested_too_deep": f"The record is nested deeper than {DEEPEST} levels.",
    "message_with_batch": "The line is a message, with a messageId and a type, and also holds a batch of messages.",
    "missing_message_id": "The message has no messageId.",
    "missing_type": "The message has no type.",
    "missing_timestamp": "The message has no time: no timestamp, originalTimestamp, sentAt or receivedAt.",
    "type_mismatch": "An id, name or type of the message is an object or a list.",
    "wrong_column_count": "The row does not have as many values as the header has columns.",
    "not_csv": "The line is no row of a CSV file: a stray line end, or a value longer than 128 KiB.",
}


def sentence_of(reason: str) -> str:
    """Return the SQL of the sentence for a reason; null for a reason whose sentence quotes values of the record."""
    cases = " ".join(f"WHEN {literal(name)} THEN {literal(text)}" for name, text in _SENTENCES.items())
    return f"CASE {reason} {cases} END"


def make_rejects(bench: Workbench, run: Run, found: str) -> bool:
    """Make the table ``rejects`` of the rejects that the warehouse does not hold yet, or holds for fewer records.

    ``found`` is a query for object, table_name, position (orders the records of an object), locator,
    reason, detail and record. The id is the same whenever the same text is read again from the same
    object, wherever in it, so that reading a file twice does not double its rejects. Returns whether any of them
    is in the warehouse and must be replaced.
    """
    # A page of an API has in its name since when it was asked for, which is another time in each run.
    place = "split_part(object, '?', 1)" if run.source == "support" else "object"
    text = f"concat_ws(chr(31), {literal(run.source)}, place, table_name, reason, coalesce(record, ''), repetition)"
    # Grouped by numbers: a group by the texts would hold all of them in memory.
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE rejects AS
        WITH grouped AS (
            SELECT {place} AS place, table_name, reason, count(*) AS records,
                min(position, {KEPT_OF_SAME}) AS positions
            FROM ({found}) GROUP BY place, table_name, reason, md5_number(coalesce(record, ''))),
        kept AS (
            SELECT place, table_name, records, unnest(positions) AS position,
                generate_subscripts(positions, 1) AS repetition
            FROM grouped)
        SELECT md5({text}) AS reject_id,
            {literal(run.source)} AS source, object, table_name,
            {escaped_sql("locator")} AS locator, reason, {escaped_sql("detail")} AS detail, record,
            CASE repetition WHEN {KEPT_OF_SAME} THEN records - repetition + 1 ELSE 1 END AS records,
            {run.clock} AS rejected_at
        FROM (SELECT *, {place} AS place FROM ({found})) JOIN kept USING (place, table_name, position)""")
    known = "warehouse.raw.rejects AS known"
    bench.run(f"""
        DELETE FROM rejects USING {known}
        WHERE rejects.reject_id = known.reject_id AND rejects.records <= coalesce(known.records, 1)""")
    return bool(bench.number(f"SELECT count(*) FROM rejects SEMI JOIN {known} USING (reject_id)"))


REJECTS_QUERY = "SELECT * FROM rejects"
