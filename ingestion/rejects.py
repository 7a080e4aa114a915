"""Rejects: what could not be loaded, kept as it came, with the reason and a sentence."""

from ingestion.run import Run
from ingestion.workbench import Workbench, quoted


def make_rejects(bench: Workbench, run: Run, found: str) -> None:
    """Make the table ``rejects`` of the rejects that the warehouse does not hold yet.

    ``found`` is a query for object, table_name, position (orders the records of an object), locator,
    reason, detail and record. The id is the same whenever the same text is read again from the same
    object, wherever in it, so that reading a file twice does not double its rejects.
    """
    # A page of an API has in its name since when it was asked for, which is another time in each run.
    place = "split_part(object, '?', 1)" if run.source == "support" else "object"
    bench.run(f"""
        CREATE OR REPLACE TEMPORARY TABLE rejects AS
        WITH numbered AS (
            SELECT *, coalesce(record, '') AS text, row_number() OVER (
                PARTITION BY {place}, table_name, reason, coalesce(record, '') ORDER BY position) AS repetition
            FROM ({found}))
        SELECT md5(concat_ws(chr(31), {quoted(run.source)}, {place}, table_name, reason, text, repetition))
                AS reject_id,
            {quoted(run.source)} AS source, object, table_name, locator, reason, detail, record,
            {run.clock} AS rejected_at
        FROM numbered""")
    bench.run("DELETE FROM rejects WHERE reject_id IN (SELECT reject_id FROM warehouse.raw.rejects)")


REJECTS_QUERY = "SELECT * FROM rejects"
