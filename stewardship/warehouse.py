"""Opens the warehouse for stewards' questions: read-only, with a message if that is impossible."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from storage.sessions import open_file


class WarehouseError(RuntimeError):
    """The warehouse cannot be read; the message says why and what to do."""


def warehouse_path() -> Path:
    """Return where the working warehouse is."""
    return Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb").absolute()


def project_path() -> Path:
    """Return where the dbt project is."""
    return Path(os.environ.get("DBT_PROJECT_DIR") or "dbt_project").absolute()


@contextmanager
def opened(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse read-only; nobody can write to it meanwhile.

    Raises ``WarehouseError`` if there is none, it is being written to, or it lacks a required table.
    """
    if not warehouse.exists():
        raise WarehouseError(
            f"There is no warehouse at {warehouse}. Set WAREHOUSE_PATH to where it is, or run a refresh first."
        )
    try:
        connection = open_file(warehouse, read_only=True)
    except duckdb.IOException as error:
        raise WarehouseError(_cause(warehouse, error)) from error
    with connection:
        try:
            yield connection
        except duckdb.CatalogException as error:
            lacking = str(error).splitlines()[0]
            raise WarehouseError(
                f"The warehouse {warehouse} is not built yet ({lacking}). Run a refresh first."
            ) from error


def copy_warehouse(warehouse: Path, copy: Path) -> None:
    """Copy the warehouse and its write-ahead log, if a killed program left one. Raises ``WarehouseError``."""
    with opened(warehouse):
        shutil.copyfile(warehouse, copy)
        unwritten = warehouse.with_name(f"{warehouse.name}.wal")
        if unwritten.exists():
            shutil.copyfile(unwritten, copy.with_name(f"{copy.name}.wal"))


def _cause(warehouse: Path, error: duckdb.IOException) -> str:
    said = str(error).splitlines()[0]
    if "lock" not in said:
        return f"The warehouse {warehouse} cannot be opened: {said}"
    return f"The warehouse {warehouse} is being written to, by a refresh perhaps. Ask again when it has ended. {said}"
