"""Checks after an erasure: no trace in any file, and other people unchanged."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from tests.file_contents import readable
from tests.rights.conftest import Home
from tests.rights.family import TABLET, Member

# Columns of single customers; scores and shares depend on everybody.
MARTS = (
    *(
        "fct_touchpoints",
        "fct_sessions",
        "fct_orders",
        "fct_order_lines",
        "fct_consent_events",
        "identity_map",
    ),
    *(
        "dim_customer_consent",
        "fct_support_cases",
        "fct_journeys",
        "identity_links",
        "mart_customer_timeline",
    ),
)


def customers(warehouse: Path) -> dict[str, str]:
    """Return the customer of each address."""
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        rows = connection.execute(
            "select identifier_value, customer_id from marts.identity_map where identifier_type = 'email'"
        ).fetchall()
    return dict(rows)


def rows_of(warehouse: Path, members: Sequence[Member]) -> dict[str, list[tuple[object, ...]]]:
    """Return the marts' rows of members only."""
    owners = customers(warehouse)
    ids = [owners[member.email] for member in members]
    assert len(set(ids)) == len(members)
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        return {
            mart: sorted(
                # A shared device is named with its latest person, who may have been one of the erased.
                connection.execute(
                    f"select * from marts.{mart} as rows where list_contains($ids, customer_id)"
                    f" and not contains(cast(rows as varchar), '{TABLET}')",
                    {"ids": ids},
                ).fetchall(),
                key=repr,
            )
            for mart in MARTS
        }


def files(home: Home) -> Iterator[tuple[Path, bytes]]:
    """Every file that is ours: not the store's own database."""
    for file in home.place.folder.rglob("*"):
        if file.is_file() and not file.is_symlink() and file != home.place.inputs / "store.db":
            yield file, readable(file)


def traces_in_files(home: Home, erased: Sequence[Member]) -> list[str]:
    """Return in which file is what of members that are erased."""
    return [
        f"{file.relative_to(home.place.folder)}: {trace}"
        for file, content in files(home)
        for member in erased
        for trace in member.traces
        if trace.encode() in content
    ]


def raw_rows(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the kept files of the sources."""
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and table_name <> 'load_ledger'"
            " and not starts_with(table_name, '_dlt')"
        ).fetchall()
        return {
            table: sorted(connection.execute(f"select * from raw.{table}").fetchall(), key=repr)
            for (table,) in tables
        }
