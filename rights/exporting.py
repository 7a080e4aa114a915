"""Everything known about a person, for that person: as JSON, and in words with source, purpose and links.

It has every mart's rows of the customer, with the meaning of the columns, and the raw records. Records of a device that
others use, and records that also belong to another person, are counted but not shown.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingestion.identifiers import CARRIED
from publishing.catalog import Mart, read_catalog
from rights.person import find_person, note_person
from rights.places import Places, RightsError
from rights.purposes import PURPOSES
from rights.verdicts import ORDER, REMOVED, note_verdicts
from stewardship.why import Link
from storage.sessions import open_in_memory

LINKS = """
    SELECT left_node, right_node, link_rule, match_weight, first_record_key, first_seen_at, records
    FROM old.intermediate.int_identity__judged_links
    WHERE dropped_by IS NULL AND left_node IN (SELECT node FROM my_nodes) AND right_node IN (SELECT node FROM my_nodes)
    ORDER BY ALL"""
# Marts about the quality of the linking, or for the operator, rather than about the person.
_LEFT_OUT = frozenset({"identity_review", "customer_id_redirects"})


def collect(places: Places, who: Sequence[str]) -> dict[str, Any]:
    """Collect everything known about the customer of the identifiers. Raises RightsError."""
    if not places.warehouse.exists():
        raise RightsError(f"There is no warehouse at {places.warehouse}.")
    catalog = read_catalog(places.dbt_project / "target" / "manifest.json")
    with closing(open_in_memory(places.memory_limit, old=places.warehouse)) as connection:
        person = find_person(connection, who)
        note_person(connection, person)
        note_verdicts(connection, keeps_orders=True)
        tables = connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'old' AND schema_name = 'marts'"
        ).fetchall()
        built = [mart for mart in catalog if (mart.name,) in tables]
        links = [Link(*row) for row in connection.execute(LINKS).fetchall()]
        return {
            "exported_at": datetime.now(UTC).isoformat(),
            "customer_ids": list(person.customer_ids),
            "links": [link.in_words() for link in links],
            "tables": [found for mart in built if (found := _of_mart(connection, mart))],
            "records": [found for table in PURPOSES if (found := _of_raw(connection, table))],
        }


def _of_mart(connection: duckdb.DuckDBPyConnection, mart: Mart) -> dict[str, Any] | None:
    if "customer_id" not in mart.column_names or mart.name in _LEFT_OUT:
        return None
    rows = _rows(
        connection, f"SELECT * FROM old.marts.{mart.name} SEMI JOIN my_ids USING (customer_id) ORDER BY ALL"
    )
    if not rows:
        return None
    meanings = {column.name: column.description for column in mart.columns}
    return {"table": mart.name, "meaning": mart.description, "columns": meanings, "rows": rows}


def _of_raw(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, Any] | None:
    carried = CARRIED[table]
    rows = _rows(
        connection,
        f"""
        SELECT * EXCLUDE (record_hash, _dlt_load_id) FROM old.raw.{table} AS kept
        WHERE {carried.key_text} IN (
            SELECT key_text FROM verdicts
            WHERE raw_table = '{table}' AND verdict IN ('{REMOVED}', '{ORDER}')) ORDER BY ALL""",
    )
    others = connection.execute(
        f"""
        SELECT count(DISTINCT key_text) FROM verdicts
        WHERE raw_table = '{table}' AND verdict NOT IN ('{REMOVED}', '{ORDER}')"""
    ).fetchone()
    if not rows and not (others and others[0]):
        return None
    source, purpose = PURPOSES[table]
    return {
        "table": table,
        "source": source,
        "purpose": purpose,
        "not_shown": others[0] if others else 0,
        "rows": rows,
    }


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or []]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def write_export(known: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """Write `person.json` and `person.md` into a new folder that only the owner can enter, and return both."""
    folder.mkdir(mode=0o700, parents=True)
    as_json, in_words = folder / "person.json", folder / "person.md"
    as_json.write_text(json.dumps(known, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
    in_words.write_text("\n".join(_in_words(known)) + "\n", encoding="utf-8")
    for file in (as_json, in_words):
        file.chmod(0o600)
    return as_json, in_words


def _in_words(known: Mapping[str, Any]) -> Iterator[str]:
    yield "# What we know about you"
    yield f"\nAs of {known['exported_at']}. The same is in `person.json`, for programs."
    yield "\n## Why we think that these records are yours\n"
    for link in known["links"] or ["One identifier only; nothing had to be linked."]:
        yield "- " + " ".join(str(link).split())
    for table in known["tables"]:
        yield f"\n## {table['table']}\n\n{' '.join(table['meaning'].split())}"
        yield from _rows_in_words(table["rows"], table["columns"])
    yield "\n# The records as we received them"
    for table in known["records"]:
        yield f"\n## {table['table']}\n\nFrom {table['source']}. Used to {table['purpose']}."
        if table["not_shown"]:
            yield (
                f"\n{table['not_shown']:,} records are not shown: they were made on a device that others use too,"
                " or name another person as well."
            )
        yield from _rows_in_words(table["rows"], {})


def _rows_in_words(rows: Sequence[Mapping[str, Any]], meanings: Mapping[str, str]) -> Iterator[str]:
    used = {name for row in rows for name, value in row.items() if value is not None}
    for name in sorted(used & meanings.keys()):
        yield f"\n- *{name}*: {' '.join(meanings[name].split())}"
    for number, row in enumerate(rows, start=1):
        facts = (
            f"{name}: {' '.join(str(value).split())}" for name, value in row.items() if value is not None
        )
        yield f"\n{number}. " + "; ".join(facts)
