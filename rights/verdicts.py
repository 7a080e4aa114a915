"""Decides what happens to each raw record of the person, or with a trace of the person.

    removed   only the person's
    an order  an order or receipt that the books keep: identifying data are removed
    a device  on a device that others use too, without another identifier: it stays with the device
    shared    also another person's: this person's data are removed

The result is the table `verdicts` (raw_table, key_text, verdict) of the session.
"""

import duckdb

from ingestion.identifiers import CARRIED
from rights.person import CARRIED_BY

REMOVED, ORDER, DEVICE, SHARED = "removed", "order", "device", "shared"
EVENTS = ("web_events", "app_events", "marketing_events")
# The prefix of a record's key in the models, and its raw table.
PREFIXES = {
    "web:": "web_events",
    "app:": "app_events",
    "marketing:": "marketing_events",
    "store:members:": "store_members",
    "store:transactions:": "store_transactions",
    "store:visits:": "store_visits",
    "store:loyalty_ledger:": "store_loyalty_ledger",
    "support:users:": "support_users",
    "support:tickets:": "support_tickets",
    "support:satisfaction_ratings:": "support_satisfaction_ratings",
}
_ORDER_EVENT = "(^|[^a-z])order([^a-z]|$)"


def note_verdicts(connection: duckdb.DuckDBPyConnection, *, keeps_orders: bool) -> None:
    """Make the table `verdicts`; call `note_person` first."""
    prefixes = " ".join(
        f"WHEN starts_with(record_key, '{prefix}') THEN struct_pack(raw_table := '{table}',"
        f" key_text := substr(record_key, {len(prefix) + 1}))"
        for prefix, table in PREFIXES.items()
    )
    connection.execute(f"""
        CREATE OR REPLACE TEMPORARY TABLE verdicts AS
        WITH carried AS (
            SELECT record_key, node, tier FROM {CARRIED_BY}
            WHERE record_key IN (SELECT record_key FROM mine)
                OR node IN (SELECT node FROM my_nodes WHERE tier = 1)),
        facts AS (
            SELECT coalesce(mine.record_key, carried.record_key) AS record_key,
                bool_or(mine.record_key IS NOT NULL) AS is_mine,
                bool_or(carried.tier = 1 AND my_nodes.node IS NOT NULL) AS has_mine,
                bool_or(others_nodes.node IS NOT NULL) AS has_others,
                bool_or(carried.tier > 1 AND my_nodes.node IS NULL) AS is_on_shared_device
            FROM mine FULL JOIN carried USING (record_key)
            LEFT JOIN my_nodes ON carried.node = my_nodes.node
            LEFT JOIN others_nodes ON carried.node = others_nodes.node
            GROUP BY ALL),
        judged AS (
            SELECT record_key,
                CASE WHEN is_mine AND regexp_matches(record_key, '^(store:members|support:users):') THEN '{REMOVED}'
                    WHEN NOT is_mine OR (has_mine AND has_others) THEN '{SHARED}'
                    WHEN has_mine IS true OR is_on_shared_device IS NOT true THEN '{REMOVED}'
                    ELSE '{DEVICE}' END AS verdict
            FROM facts),
        placed AS (SELECT *, CASE {prefixes} END AS place FROM judged)
        SELECT place.raw_table AS raw_table, place.key_text AS key_text, verdict
        FROM placed WHERE place IS NOT NULL""")
    _add_what_no_model_reads(connection)
    if keeps_orders:
        _keep_orders(connection)
    note_what_hangs_on_verdicts(connection)


def _add_what_no_model_reads(connection: duckdb.DuckDBPyConnection) -> None:
    """Add raw records with an identifier of the person that no model has read there.

    Makes the table `my_values` (kind, value): values in only the person's records, as `carried` compares them.
    """
    connection.execute("CREATE OR REPLACE TEMPORARY TABLE my_values (kind VARCHAR, value VARCHAR)")
    connection.execute(
        "CREATE OR REPLACE TEMPORARY TABLE also (raw_table VARCHAR, key_text VARCHAR, kind VARCHAR, value VARCHAR)"
    )
    with_identifiers = {table: carried for table, carried in CARRIED.items() if carried.identifiers}
    pairs = {
        table: f"(SELECT {carried.key_text} AS key_text, unnest({carried.pairs}, recursive := true)"
        f" FROM old.raw.{table})"
        for table, carried in with_identifiers.items()
    }
    for table in with_identifiers:
        connection.execute(f"""
            INSERT INTO my_values
            SELECT DISTINCT kind, value FROM {pairs[table]} WHERE value IS NOT NULL AND key_text IN (
                SELECT key_text FROM verdicts WHERE raw_table = '{table}' AND verdict = '{REMOVED}')""")
    for table in with_identifiers:
        connection.execute(f"""
            INSERT INTO also
            SELECT '{table}', key_text, kind, value FROM {pairs[table]} SEMI JOIN my_values USING (kind, value)
            WHERE key_text NOT IN (SELECT key_text FROM verdicts WHERE raw_table = '{table}')""")
    # Without values that are also in records of others, such as a family's phone.
    connection.execute("""
        CREATE OR REPLACE TEMPORARY TABLE my_values AS
        SELECT DISTINCT kind, value FROM my_values
        WHERE (kind, value) NOT IN (SELECT (kind, value) FROM also)
            OR (kind, lower(value)) IN (SELECT (kind, lower(value)) FROM my_nodes)""")
    connection.execute(f"""
        INSERT INTO verdicts
        SELECT DISTINCT raw_table, key_text, '{SHARED}' FROM also SEMI JOIN my_values USING (kind, value)""")


def note_mentions(connection: duckdb.DuckDBPyConnection, pattern: str) -> None:
    """Add to `verdicts` the records of others that contain the person anywhere, such as an address as a coupon."""
    for table, carried in CARRIED.items():
        columns = connection.execute(
            """
            SELECT column_name FROM duckdb_columns()
            WHERE database_name = 'old' AND schema_name = 'raw' AND table_name = ? AND data_type IN ('VARCHAR', 'JSON')
            """,
            [table],
        ).fetchall()
        text = ", ".join(f'"{name}"::VARCHAR' for (name,) in columns)
        connection.execute(
            f"""
            INSERT INTO verdicts
            SELECT '{table}', {carried.key_text}, '{SHARED}' FROM old.raw.{table}
            WHERE regexp_matches(lower(concat_ws(' ', {text})), $pattern)
                AND {carried.key_text} NOT IN (SELECT key_text FROM verdicts WHERE raw_table = '{table}')""",
            {"pattern": pattern},
        )


def _keep_orders(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"""
        UPDATE verdicts SET verdict = '{ORDER}' WHERE raw_table = 'store_transactions'""")
    for table in EVENTS:
        connection.execute(f"""
            UPDATE verdicts SET verdict = '{ORDER}'
            WHERE raw_table = '{table}' AND verdict IN ('{REMOVED}', '{DEVICE}') AND key_text IN (
                SELECT message_id FROM old.raw.{table}
                WHERE regexp_matches(lower(event), '{_ORDER_EVENT}'))""")


def note_what_hangs_on_verdicts(connection: duckdb.DuckDBPyConnection) -> None:
    """Add lines of removed receipts, and messages, changes and ratings of removed tickets."""
    for table, carried in CARRIED.items():
        for parent, column in carried.hangs_on:
            connection.execute(f"""
                INSERT INTO verdicts
                SELECT '{table}', {carried.key_text}, '{REMOVED}' FROM old.raw.{table} AS hanging
                WHERE "{column}"::VARCHAR IN (
                        SELECT key_text FROM verdicts WHERE raw_table = '{parent}' AND verdict = '{REMOVED}')
                    AND {carried.key_text} NOT IN (SELECT key_text FROM verdicts WHERE raw_table = '{table}')""")
