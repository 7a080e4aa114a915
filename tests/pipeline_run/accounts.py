"""Whether every record that arrived is accounted for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True)
class Totals:
    """Records of the whole load ledger."""

    read: int
    loaded: int
    duplicate: int
    rejected: int


def lost_records(warehouse: Path) -> list[tuple[Any, ...]]:
    """List the ledger's lines whose counts do not add up."""
    return _rows(
        warehouse,
        "select source, object, table_name, records_read, records_loaded, records_duplicate,"
        " records_rejected from raw.load_ledger"
        " where records_read <> records_loaded + records_duplicate + records_rejected",
    )


def loaded_twice(warehouse: Path) -> list[tuple[Any, ...]]:
    """List the files and pages whose same content the ledger says was loaded more than once."""
    return _rows(
        warehouse,
        "select source, object, table_name, count(*) from raw.load_ledger"
        " where records_loaded > 0 and checksum is not null"
        " group by source, object, table_name, checksum having count(*) > 1",
    )


def ledger_totals(warehouse: Path) -> Totals:
    """Add up the ledger; raises AssertionError with the lines whose counts do not add up."""
    assert lost_records(warehouse) == []
    [totals] = _rows(
        warehouse,
        "select coalesce(sum(records_read), 0), coalesce(sum(records_loaded), 0),"
        " coalesce(sum(records_duplicate), 0), coalesce(sum(records_rejected), 0) from raw.load_ledger",
    )
    [(rejects,)] = _rows(warehouse, "select coalesce(sum(coalesce(records, 1)), 0) from raw.rejects")
    found = Totals(*(int(total) for total in totals))
    assert found.rejected == int(rejects), "the ledger and the rejects have different numbers"
    return found


def _rows(warehouse: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()
