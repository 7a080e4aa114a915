"""Raw tables of any size: a loaded retailer, copied inside DuckDB as other people with other ids.

A copy's people do the same on the same days as the original's, but share with them no identifier, no order, no
ticket, no surname, no birth date, no street and no postcode. What is the retailer's own (products, stores,
advertising) is not copied.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from simulator.mess import PLACEHOLDER_EMAILS

FEEDS = ("web_events", "app_events", "marketing_events")
# Marks in a template of the copies: an id's end, a phone number's exchange, a surname's end, a number's start, a
# postcode's start.
ID, EXCHANGE, SURNAME, NUMBER, AREA = "§", "¤", "¶", "¥", "¬"
# Support's ids have as many digits as these, so that a copy's number can stand before them.
TICKET, AUDIT, RATING, USER = 10**7, 10**9, 10**8, 10**6
FIRST_USER = 100_000
LETTERS = "chr((97 + copy // 26 % 26)::integer) || chr((97 + copy % 26)::integer)"
KEYS = "cart_id|order_id|application_id|booking_id|loyalty_id|member_id|id|advertisingId"


def text(column: str) -> str:
    """SQL for one text with all marks set: whatever in it names a person or one of their things."""
    placeholders = [address for address in PLACEHOLDER_EMAILS if "@" in address]
    marked = f"replace({column}, '@', '{ID}@')"
    for address in placeholders:
        marked = f"replace({marked}, '{address.replace('@', ID + '@')}', '{address}')"
    for pattern, by in (
        (rf'"({KEYS})":"([^"]+)"', rf'"\1":"\2{ID}"'),
        (r'"(name|lastName)":"([^"]+)"(,"(?:firstName|lastName|email|phone)")', rf'"\1":"\2{SURNAME}"\3'),
        (rf'"lastName":"([^"{SURNAME}]+)"', rf'"lastName":"\1{SURNAME}"'),
        (r'"phone":"(\+1\d{3})\d{3}', rf'"phone":"\1{EXCHANGE}'),
        (r'"phone":"(\+44\d{3})\d{3}', rf'"phone":"\1{EXCHANGE}'),
        (r'"street":"([^"]+)"', rf'"street":"\1 {SURNAME}"'),
        (r'"postalCode":"', rf'"postalCode":"{AREA}'),
        (r"(order_id:[A-Z0-9-]+)", rf"\1{ID}"),
        (r"parent_ticket:(\d)", rf"parent_ticket:{NUMBER}\1"),
        (r'"(id)":(\d{10,})', rf'"\1":{NUMBER}\2'),
        (r'"(author_id)":(\d{6,})', rf'"\1":{NUMBER}\2'),
    ):
        marked = f"regexp_replace({marked}, '{pattern}', '{by}', 'g')"
    return marked


def marked_id(column: str) -> str:
    """SQL for an id with its mark."""
    return f"{column} || '{ID}'"


def phone(column: str) -> str:
    """SQL for a phone number, however it is written, with its mark."""
    american = (
        rf"regexp_replace({column}, '^((?:\+1)?\(?\d{{3}}\)?[- ]?)555([- ]?\d{{4}})$', '\1{EXCHANGE}\2')"
    )
    return rf"regexp_replace({american}, '^(\+44 ?\d{{3}} ?)\d{{3}}( ?\d{{4}})$', '\1{EXCHANGE}\2')"


def number(column: str, size: int) -> str:
    """SQL for a number of support's with the copy's number before it."""
    return f"copy * {size} + {column}"


EVENTS = {
    **dict.fromkeys(("message_id", "anonymous_id", "user_id", "previous_id"), marked_id),
    **dict.fromkeys(("context", "properties", "traits"), text),
}
MARKED = {
    **dict.fromkeys(FEEDS, EVENTS),
    "store_members": {
        "member_id": marked_id,
        "loyalty_id": marked_id,
        "last_name": lambda column: f"{column} || '{SURNAME}'",
        "email": text,
        "phone": phone,
        "postcode": lambda column: f"'{AREA}' || {column}",
    },
    "store_transactions": {
        **dict.fromkeys(("transaction_id", "member_id", "payment_token", "order_id"), marked_id),
        "customer_email": text,
        "customer_phone": phone,
    },
    "store_transaction_lines": dict.fromkeys(("transaction_id", "returned_transaction_id"), marked_id),
    "store_visits": {
        **dict.fromkeys(("visit_id", "member_id", "context_id"), marked_id),
        "email": text,
        "phone": phone,
    },
    "store_loyalty_ledger": dict.fromkeys(("entry_id", "member_id", "transaction_id", "order_id"), marked_id),
    "support_users": {
        "name": lambda column: f"{column} || '{SURNAME}'",
        "email": text,
        "phone": phone,
        "external_id": marked_id,
    },
    "support_tickets": dict.fromkeys(("tags", "custom_fields"), text),
    "support_ticket_events": {"child_events": text},
    "support_satisfaction_ratings": {},
}
NUMBERED = {
    "support_users": {"id": USER},
    "support_tickets": {"id": TICKET, "requester_id": USER},
    "support_ticket_events": {"id": AUDIT, "ticket_id": TICKET, "updater_id": USER},
    "support_satisfaction_ratings": {"id": RATING, "ticket_id": TICKET, "requester_id": USER},
}


def events_of(warehouse: Path) -> int:
    """Count the events of a warehouse's three feeds."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return sum(
            row[0]
            for feed in FEEDS
            for row in connection.execute(f"select count(*) from raw.{feed}").fetchall()
        )


def multiply(base: Path, target: Path, copies: int) -> None:
    """Write ``target`` with the raw tables of ``base``, ``copies`` times over."""
    with duckdb.connect(str(target)) as connection:
        connection.execute(f"attach '{base}' as base (read_only)")
        connection.execute("create schema raw; set preserve_insertion_order = false")
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'base' and schema_name = 'raw'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(f"create table raw.{table} as from base.raw.{table}")
            if table in MARKED and copies > 1:
                for statement in _copying(connection, table, copies):
                    connection.execute(statement)


def _copying(connection: duckdb.DuckDBPyConnection, table: str, copies: int) -> Iterator[str]:
    """SQL that marks a table once, and writes its copies from what is marked."""
    columns = connection.execute(f"select column_name, column_type from (describe raw.{table})").fetchall()
    marks = MARKED[table]
    marked = ", ".join(
        f"{marks[name](f'{name}::varchar')} as {name}" if name in marks else name for name, _ in columns
    )
    people = f" where id >= {FIRST_USER}" if table == "support_users" else ""
    yield f"create or replace temp table marked as select {marked} from raw.{table}{people}"
    copied = ", ".join(_copied(table, name, kind) for name, kind in columns)
    yield f"insert into raw.{table} select {copied} from marked cross join range(1, {copies}) as copies (copy)"


def _copied(table: str, name: str, kind: str) -> str:
    size = NUMBERED.get(table, {}).get(name)
    if size == USER:
        return f"case when {name} >= {FIRST_USER} then {number(name, size)} else {name} end"
    if size:
        return number(name, size)
    if table == "store_members" and name == "birth_date":
        return "birth_date - (copy * 173 % 9000)::integer"
    if name not in MARKED[table]:
        return name
    copied = name
    # Agents have short ids, which no copy changes.
    for mark, by in (
        (ID, "'c' || copy"),
        (SURNAME, LETTERS),
        (AREA, f"upper({LETTERS})"),
        (EXCHANGE, "(200 + copy)::varchar"),
        (NUMBER, "copy::varchar"),
    ):
        copied = f"replace({copied}, '{mark}', {by})"
    return f"({copied})::{kind}"
