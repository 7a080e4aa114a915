"""Copies the published marts into the schema `marts` of a PostgreSQL database, all tables in one transaction.

Tables are emptied and filled in place, so grants, views and indexes of others stay, and readers see the old version,
without waiting, until the new one is complete. A loader such as dlt replaces one table after the other, empties each
before filling it, and drops descriptions; it took ten times as long.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import psycopg
from psycopg import sql

from publishing.errors import PublishError
from publishing.postgres import LOCK_TIMEOUT, Column, Table, connected, copy, create, describe, layout_of
from publishing.sessions import MEMORY_LIMIT, opened

SCHEMA = "marts"
# Any number, the same for all mirrors.
_LOCK = 7_433_102_219
_TABLES = """
    select table_name, comment from duckdb_tables()
    where database_name = current_database() and schema_name = 'main' order by table_name
"""
_COLUMNS = """
    select column_name, data_type, comment from duckdb_columns()
    where database_name = current_database() and schema_name = 'main' and table_name = ? order by column_index
"""


@dataclass(frozen=True)
class Mirror:
    """The version in PostgreSQL; `unchanged` if it was there already."""

    status: Literal["mirrored", "unchanged"]
    version: str
    row_counts: dict[str, int]


def mirror(marts: Path, url: str) -> Mirror:
    """Copy the publication at `marts` into the schema `marts` at `url`; a PublishError leaves the old copy."""
    if not marts.exists():
        raise PublishError(f"Nothing is published at {marts}: run a refresh or `make demo` first.")
    try:
        with closing(opened(marts, read_only=True, memory_limit=MEMORY_LIMIT)) as source:
            tables = _published(source)
            if "publication" not in tables:
                raise PublishError(f"{marts} is not a published file.")
            with connected(url) as target:
                found = _mirror(source, target, tables)
                if found.status == "mirrored":
                    # Frees the space of the old rows, and updates the planner's statistics.
                    for name in tables:
                        target.execute(sql.SQL("vacuum (analyze) {}").format(_named(name)))
                return found
    except duckdb.Error as error:
        raise PublishError(f"{marts} cannot be read: {str(error).splitlines()[0]}") from error


def _mirror(
    source: duckdb.DuckDBPyConnection, target: psycopg.Connection, tables: dict[str, Table]
) -> Mirror:
    version, checksum, counts = source.execute(
        "select version, content_checksum, map_entries(row_counts) from publication"
    ).fetchall()[0]
    row_counts = {entry["key"]: entry["value"] for entry in counts} | {"publication": 1}
    with target.transaction():
        target.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        target.execute(sql.SQL("set local lock_timeout = {}").format(LOCK_TIMEOUT))
        mirrored, ours = _mirrored(target)
        layouts = {name: layout_of(target, _named(name)) for name in tables}
        if mirrored == (version, checksum) and all(
            layouts[name] == table.layout for name, table in tables.items()
        ):
            return Mirror("unchanged", version, row_counts)
        for name in ours - set(tables):
            target.execute(sql.SQL("drop table if exists {}").format(_named(name)))
        # Tables with changed columns come last, because from then on their readers wait.
        for name, table in sorted(tables.items(), key=lambda item: layouts[item[0]] != item[1].layout):
            _make_empty(target, table, layouts[name], is_ours=name in ours)
            if (rows := copy(source, target, _named(name), table)) != row_counts[name]:
                raise PublishError(f"{name}: {rows} rows were copied, but {row_counts[name]} are published.")
    return Mirror("mirrored", version, row_counts)


def _mirrored(target: psycopg.Connection) -> tuple[tuple[str, str] | None, set[str]]:
    """Return version, checksum and tables of the mirror; create the schema if there is none.

    Raises PublishError if the schema has tables that no mirror wrote.
    """
    if target.execute("select to_regnamespace(%s)", [SCHEMA]).fetchone() == (None,):
        target.execute(sql.SQL("create schema {}").format(sql.Identifier(SCHEMA)))
        return None, set()
    if not layout_of(target, _named("publication")):
        if target.execute("select 1 from pg_tables where schemaname = %s limit 1", [SCHEMA]).fetchone():
            raise PublishError(
                f"The schema {SCHEMA} has tables that no mirror wrote. Use another database, or move them away; "
                "nothing was changed."
            )
        return None, set()
    version, checksum, row_counts = target.execute(
        sql.SQL("select version, content_checksum, row_counts from {}").format(_named("publication"))
    ).fetchall()[0]
    return (version, checksum), {*row_counts, "publication"}


def _make_empty(
    target: psycopg.Connection, table: Table, layout: list[tuple[str, str]], *, is_ours: bool
) -> None:
    name = _named(table.name)
    if is_ours and layout == table.layout:
        target.execute(sql.SQL("delete from {}").format(name))
    else:
        if is_ours:
            target.execute(sql.SQL("drop table if exists {}").format(name))
        create(target, name, table)
    describe(target, name, table)


def _named(table: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, table)


def _published(source: duckdb.DuckDBPyConnection) -> dict[str, Table]:
    return {
        name: Table(name, comment, [Column(*row) for row in source.execute(_COLUMNS, [name]).fetchall()])
        for name, comment in source.execute(_TABLES).fetchall()
    }
