"""`python -m ingestion.lake write|read`: the raw tables as Parquet in LAKE_URL, a folder or bucket that engines share.

Each table is a folder, each of its loads a file there, named after the load and a hash of its rows. So only loads that
are new, or that an erasure changed, are written, and a file that is no longer wanted is removed. Ledger and rejects are
tables like others. `read` fills the raw tables of an empty warehouse.
"""

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
from dlt.common.configuration.resolve import resolve_configuration
from dlt.common.storages import FilesystemConfiguration, fsspec_from_config
from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from ingestion.errors import cause_of, without_secrets
from ingestion.settings import warehouse_path
from printable import escaped
from security.private import keep_files_private
from storage.sessions import open_file
from storage.sql import literal

SETTING = "LAKE_URL"
# Tables of dlt's own name loads in another column, or not at all.
LOAD_COLUMNS = ("_dlt_load_id", "load_id")
# A table's columns, in a file without rows: a table may be empty, and older loads may lack columns.
SHAPE = "columns"
# Readers pass over names that begin with it.
UNFINISHED = "_"


class LakeError(Exception):
    """The lake cannot be written or read; the message says why, without the passwords of an address."""

    def __init__(self, message: str) -> None:
        super().__init__(escaped(without_secrets(message)))


@dataclass(frozen=True)
class Written:
    """How many files a run wrote to the lake, and how many it removed."""

    files: int = 0
    removed: int = 0


@dataclass(frozen=True)
class Lake:
    """A folder or bucket."""

    files: AbstractFileSystem
    root: str

    @classmethod
    def at(cls, url: str) -> "Lake":
        """Open a folder or bucket, whose credentials are in LAKE__CREDENTIALS__..., as those of landing files."""
        config = resolve_configuration(FilesystemConfiguration(bucket_url=url), sections=("lake",))
        files, _ = fsspec_from_config(config)
        return cls(files, str(files._strip_protocol(url)).rstrip("/"))

    @property
    def is_local(self) -> bool:
        """Whether it is a folder of this machine."""
        return isinstance(self.files, LocalFileSystem)

    def names(self, folder: str) -> set[str]:
        """Return the names of the files in a folder, none if it is not there."""
        self.files.invalidate_cache()
        path = f"{self.root}/{folder}"
        if not self.files.isdir(path):
            return set()
        return {found.rpartition("/")[2] for found in self.files.ls(path, detail=False)}

    def address(self, folder: str, name: str) -> str:
        """Return a file's address as DuckDB reads it."""
        path = f"{self.root}/{folder}/{name}"
        return path if self.is_local else str(self.files.unstrip_protocol(path))

    def known_to(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Have DuckDB read and write the lake through fsspec, unless it is a folder."""
        if not self.is_local:
            connection.register_filesystem(self.files)


def lake_url() -> str:
    """Return where the lake is; empty if there is none."""
    return (os.environ.get(SETTING) or "").strip()


def write_lake(warehouse: Path, url: str) -> Written:
    """Have the lake hold what the raw tables of the warehouse hold. Raises LakeError."""
    try:
        return _write(warehouse, Lake.at(url))
    except Exception as error:  # each kind of bucket has its own
        raise LakeError(f"cannot write the lake {url}: {cause_of(error)}") from error


def _write(warehouse: Path, lake: Lake) -> Written:
    with open_file(warehouse, read_only=True) as connection:
        lake.known_to(connection)
        tables = connection.execute(
            "select table_name from duckdb_tables() where database_name = current_database()"
            " and schema_name = 'raw' order by table_name"
        ).fetchall()
        written = [_write_table(connection, lake, table) for (table,) in tables]
    return Written(sum(one.files for one in written), sum(one.removed for one in written))


def _write_table(connection: duckdb.DuckDBPyConnection, lake: Lake, table: str) -> Written:
    columns = connection.execute(f'describe raw."{table}"').fetchall()
    load = next((name for name in LOAD_COLUMNS if any(name == column for column, *_ in columns)), "'all'")
    loads = connection.execute(
        f'select {load}, sum(hash(rows_of_load)) from raw."{table}" as rows_of_load group by all'
    ).fetchall()
    described = ", ".join(f"{name} {kind}" for name, kind, *_ in columns)
    (hashed,) = connection.execute("select hash(?)", [described]).fetchone() or (0,)
    queries = {f"{load_id}-{content:x}.parquet": f"{load} = {literal(load_id)}" for load_id, content in loads}
    queries[f"{SHAPE}-{hashed:x}.parquet"] = "false"
    there = lake.names(table)
    lake.files.makedirs(f"{lake.root}/{table}", exist_ok=True)
    for name in queries.keys() - there:
        unfinished = f"{UNFINISHED}{name}"
        connection.execute(
            f'copy (select * from raw."{table}" where {queries[name]})'
            f" to {literal(lake.address(table, unfinished))} (format parquet, compression zstd)"
        )
        lake.files.mv(f"{lake.root}/{table}/{unfinished}", f"{lake.root}/{table}/{name}")
    gone = there - queries.keys()
    for name in gone:
        lake.files.rm_file(f"{lake.root}/{table}/{name}")
    return Written(len(queries.keys() - there), len(gone))


def read_lake(url: str, warehouse: Path) -> dict[str, int]:
    """Fill the raw tables of a warehouse that has none from the lake; returns rows by table.

    Raises LakeError, with the warehouse as it was, if there is no lake or the warehouse has raw tables.
    """
    lake = Lake.at(url)
    tables = sorted(lake.names("")) if lake.files.isdir(lake.root) else []
    if not tables:
        raise LakeError(f"There is no table in {url}.")
    with open_file(warehouse) as connection:
        lake.known_to(connection)
        if connection.execute("select 1 from duckdb_tables() where schema_name = 'raw'").fetchone():
            raise LakeError(f"{warehouse} has raw tables already, which would be lost.")
        connection.begin()
        connection.execute("create schema if not exists raw")
        rows = {table: _read_table(connection, lake, table) for table in tables}
        connection.commit()
    return rows


def _read_table(connection: duckdb.DuckDBPyConnection, lake: Lake, table: str) -> int:
    names = sorted(name for name in lake.names(table) if not name.startswith(UNFINISHED))
    shape = [lake.address(table, name) for name in names if name.startswith(f"{SHAPE}-")]
    if len(shape) != 1:
        raise LakeError(f"The columns of {table} are not known: the lake was not written to its end.")
    addresses = [lake.address(table, name) for name in names]
    connection.execute(f'create table raw."{table}" as from read_parquet(?)', shape)
    connection.execute(
        f'insert into raw."{table}" by name select * from read_parquet(?, union_by_name = true)', [addresses]
    )
    (count,) = connection.execute(f'select count(*) from raw."{table}"').fetchone() or (0,)
    return int(count)


def main(action: str) -> None:
    """Write the lake from the warehouse, or fill an empty warehouse from the lake."""
    keep_files_private()
    url = lake_url()
    if not url:
        raise LakeError(f"{SETTING} names no folder or bucket.")
    if action == "write":
        written = write_lake(warehouse_path(), url)
        print(f"{written.files:,} files written, {written.removed:,} removed in {url}.")
    else:
        for table, count in read_lake(url, warehouse_path()).items():
            print(f"  {table:40}{count:>12,}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m ingestion.lake", description=__doc__)
    parser.add_argument("action", choices=("write", "read"))
    main(parser.parse_args().action)
