"""Holds back some events of a warehouse: removes them from the raw tables, and writes them to files as sent."""

from pathlib import Path

import duckdb

from benchmarks.marts_raw import FEEDS

HUNDRED = 100
ONE_PERCENT, A_HUNDRED = "1 % more", "a hundred events"
# A message as its sender wrote it, from the raw columns.
_MESSAGE = """
    json_object(
        'messageId', message_id, 'type', type, 'event', event, 'name', name, 'anonymousId', anonymous_id,
        'userId', user_id, 'previousId', previous_id, 'groupId', group_id, 'timestamp', strftime(timestamp, '{iso}'),
        'sentAt', strftime(sent_at, '{iso}'), 'receivedAt', strftime(received_at, '{iso}'),
        'context', context::json, 'properties', properties::json, 'traits', traits::json
    )
""".format(iso="%Y-%m-%dT%H:%M:%S.%fZ")


def hold_back(raw: Path, folder: Path) -> int:
    """Move the latest events of some people from the raw tables into files; return their number."""
    with duckdb.connect(str(raw)) as connection:
        person = "coalesce(nullif(regexp_extract(coalesce(anonymous_id, user_id), 'c[0-9]+$'), ''), 'c0')"
        connection.execute("create temp table late (feed varchar, message_id varchar, stated_at timestamptz)")
        one_in_a_hundred = sum(_count(connection, feed) for feed in FEEDS) // 100
        for feed in FEEDS:
            connection.execute(
                f"insert into late select '{feed}', message_id, timestamp from raw.{feed}"
                f" where hash({person}) % 32 = 0 or {person} = 'c0'"
            )
        connection.execute(
            "create or replace temp table late as"
            " select *, row_number() over (order by stated_at desc, message_id) as n from late"
            f" qualify n <= {one_in_a_hundred + HUNDRED}"
        )
        for feed in FEEDS:
            for name, condition in ((ONE_PERCENT, f"n > {HUNDRED}"), (A_HUNDRED, f"n <= {HUNDRED}")):
                target = folder / name / feed.removesuffix("_events")
                target.mkdir(parents=True)
                late = f"message_id in (select message_id from late where feed = '{feed}' and {condition})"
                write_messages(connection, feed, late, target / "messages.jsonl")
            connection.execute(
                f"delete from raw.{feed} where message_id in (select message_id from late where feed = '{feed}')"
            )
            _account_for(connection, feed)
        return one_in_a_hundred + HUNDRED


def write_messages(connection: duckdb.DuckDBPyConnection, feed: str, condition: str, file: Path) -> None:
    """Write some of a feed's messages to a file, a line each."""
    connection.execute(
        f"copy (select {_MESSAGE} from raw.{feed} where {condition}) to '{file}'"
        " (format csv, header false, quote '', escape '', delimiter E'\\x01')"
    )


def _account_for(connection: duckdb.DuckDBPyConnection, feed: str) -> None:
    """Write the counts of a feed into the ledger: its copies did not come through ingestion."""
    connection.execute(
        f"""
        insert into raw.load_ledger by name
        select source, 'copies' as object, '{feed}' as table_name, n as records_read, n as records_loaded,
            0 as records_duplicate, 0 as records_rejected, loaded_at, _dlt_load_id
        from (
            select any_value(source) as source, max(loaded_at) as loaded_at, max(_dlt_load_id) as _dlt_load_id,
                (select count(*) from raw.{feed}) - sum(records_loaded) as n
            from raw.load_ledger where table_name = '{feed}'
        )
        """
    )


def _count(connection: duckdb.DuckDBPyConnection, feed: str) -> int:
    found = connection.execute(f"select count(*) from raw.{feed}").fetchone()
    return int(found[0]) if found else 0
