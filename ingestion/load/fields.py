"""Which fields the records of a load have, of which type and how often: rows of ``raw.observed_fields``.

An object is an event, or ``(row)`` of a table; its row with the field ``(all)`` counts its records. Names of fields are
the sender's: long numbers in them become ``#`` and addresses ``(a contact)``, so that keys which are made of data
neither flood the table nor say who somebody is.
"""

from collections.abc import Mapping, Set

from ingestion.run import Run
from ingestion.tables import Kind, RawTable
from printable import escaped, is_contact
from storage.sql import literal

ALL, ROW = "(all)", "(row)"
SHOWN = 12
MOST_FIELDS = 5_000
MOST_CHARACTERS = 200
_PARTS = {"properties": "properties.", "traits": "traits.", "context": "context.", "extras": ""}
_KINDS: dict[Kind, str] = {
    "text": "text",
    "timestamp": "time",
    "date": "time",
    "decimal": "number",
    "bigint": "number",
    "bool": "boolean",
    "json": "json",
}
_OWN = ("extras", "record_hash", "loaded_at")
_TYPE = """
    CASE json_type(value)
        WHEN 'VARCHAR' THEN 'text' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'OBJECT' THEN 'object'
        WHEN 'ARRAY' THEN 'array' ELSE 'number' END"""
_POINTER = "'/' || replace(replace(name, '~', '~0'), '/', '~1')"


def fields_of_messages(run: Run, table_name: str, loaded: str) -> str:
    """Query the fields of the messages that ``loaded`` selects, with event, type and their documents."""
    parts = " UNION ALL ".join(
        f"SELECT object, {literal(part)} AS part, {column}::VARCHAR AS document FROM messages"
        for column, part in _PARTS.items()
    )
    return _completed(
        run,
        f"""
        WITH messages AS (
            SELECT CASE WHEN type = 'track' THEN coalesce(event, type) ELSE type END AS object, * FROM ({loaded})),
        documents AS ({parts}),
        named AS (
            SELECT object, part, document, unnest(list_distinct(json_keys(document))) AS name
            FROM documents WHERE starts_with(document, '{{')),
        entries AS (SELECT object, part || name AS field, json_extract(document, {_POINTER}) AS value FROM named)
        SELECT {literal(table_name)} AS table_name, object, field, {_TYPE} AS value_type, count(*) AS records
        FROM entries WHERE json_type(value) <> 'NULL' GROUP BY ALL
        UNION ALL
        SELECT {literal(table_name)}, object, {literal(ALL)}, '', count(*) FROM messages GROUP BY ALL""",
    )


def fields_of_rows(run: Run, rows: Mapping[RawTable, str]) -> str:
    """Query the columns that have values in the rows that are loaded, by their table, and what is in their extras."""
    return _completed(run, " UNION ALL ".join(_fields_of_table(*each) for each in rows.items()))


def _fields_of_table(table: RawTable, rows: str) -> str:
    counted = [
        f"""SELECT {literal(column.name)} AS field, {literal(_KINDS[column.kind])} AS value_type,
            count("{column.name}") AS records FROM ({rows})"""
        for column in table.columns
        if column.name not in _OWN
    ]
    counted.append(f"SELECT {literal(ALL)}, '', count(*) FROM ({rows})")
    counted.append(f"""
        SELECT name, {_TYPE}, count(*) FROM (
            SELECT name, json_extract(extras, {_POINTER}) AS value FROM (
                SELECT extras, unnest(list_distinct(json_keys(extras))) AS name FROM ({rows})
                WHERE starts_with(extras::VARCHAR, '{{')))
        WHERE json_type(value) <> 'NULL' GROUP BY ALL""")
    return f"""
        SELECT {literal(table.name)} AS table_name, {literal(ROW)} AS object, field, value_type, records
        FROM ({" UNION ALL ".join(counted)}) WHERE records > 0"""


def _completed(run: Run, observed: str) -> str:
    """Complete a query for table_name, object, field, value_type and records."""
    return f"""
        SELECT {literal(run.source)} AS source, table_name, left(object, {MOST_CHARACTERS}) AS object,
            CASE WHEN contains(field, '@') THEN '(a contact)'
                ELSE left(regexp_replace(field, '[0-9]{{4,}}', '#', 'g'), {MOST_CHARACTERS}) END AS field,
            value_type, sum(records)::BIGINT AS records, {run.clock} AS loaded_at
        FROM ({observed}) GROUP BY ALL ORDER BY records DESC, field LIMIT {MOST_FIELDS}"""


def note_drift(notes: list[str], where: str, *, extras: Set[str], missing: Set[str]) -> None:
    """Add a sentence for the names that are new at a place, and one for those that are not there."""
    if extras:
        notes.append(f"The {where} has more than is known, kept in extras: {listed(extras)}.")
    if missing:
        notes.append(f"The {where} lacks {listed(missing)}; nothing is loaded there.")


def listed(names: Set[str]) -> str:
    """List names on one line; they are the sender's, and may hold anything, somebody's address among it."""
    shown = [_shown(name) for name in sorted(names)[:SHOWN]]
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(shown) + more


def _shown(name: str) -> str:
    if is_contact(name):
        return "(a contact)"
    return name if name.isidentifier() else escaped(repr(name))
