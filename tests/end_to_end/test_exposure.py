"""Neither a person who is in every raw input nor a secret is in anything that leaves the warehouse."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.planted_person import BORN, EMAIL, PERSON, SECRETS
from tests.end_to_end.workplace import State, Workplace

HIDDEN = (*PERSON, *SECRETS)

_HASHES = """
    with tried as (
        select distinct unnest([node, identifier_value]) as tried
        from warehouse.intermediate.int_identity__identifiers
    )
    select tried, unnest([md5(tried), sha1(tried), sha256(tried)]) as hash from tried
"""
_TEXT_COLUMNS = """
    select schema_name || '.' || table_name, column_name from duckdb_columns()
    where database_name = 'published' and data_type = 'VARCHAR' and not internal
"""


def found_in(text: str) -> set[str]:
    """Name what of the person or the secrets a text holds."""
    text = text.casefold()
    return {hidden for hidden in HIDDEN if hidden.casefold() in text}


def leaks_of_files(files: Iterator[Path]) -> dict[str, set[str]]:
    return {str(file): found for file in files if (found := found_in(file.read_text(errors="replace")))}


def leaks_of_tables(
    connection: duckdb.DuckDBPyConnection, tables: list[tuple[str, str]]
) -> dict[str, set[str]]:
    """Look through every column of tables, which are given as name and relation."""
    leaks = {}
    for name, relation in tables:
        for (column,) in connection.execute(f"select column_name from (describe from {relation})").fetchall():
            rows = connection.execute(
                f'select distinct cast("{column}" as varchar) from {relation}'
            ).fetchall()
            if found := found_in("\n".join(str(value) for (value,) in rows)):
                leaks[f"{name}.{column}"] = found
    return leaks


def leaks_of_sqlite(file: Path) -> dict[str, set[str]]:
    """Look through every row of a SQLite file, as Dagster keeps runs, events and their metadata."""
    leaks: dict[str, set[str]] = {}
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in database.execute(f'select * from "{table}"'):
                leaks.setdefault(f"{file.name} {table}", set()).update(found_in(str(row)))
    return {where: found for where, found in leaks.items() if found}


@pytest.fixture(scope="module")
def place(first: State) -> Workplace:
    return first.place


def test_the_person_is_in_the_marts_of_the_warehouse(place: Workplace) -> None:
    """Or there would be nothing to leak."""
    with closing(duckdb.connect(place.warehouse, read_only=True)) as warehouse:
        names = ("dim_customers", "fct_touchpoints", "fct_orders", "fct_order_lines", "identity_map")
        marts = [(name, f"marts.{name}") for name in names]
        found = leaks_of_tables(warehouse, marts)
        rejected = warehouse.execute(
            "select count(*) from raw.rejects where contains(record, $1)", [EMAIL]
        ).fetchone()
    assert set().union(*found.values()) >= {"zebulon", "3125550199", "zq97", BORN, "marmalade"}
    assert rejected == (3,)
    # These columns do not look personal.
    assert found.keys() >= {"fct_touchpoints.coupon", "fct_orders.order_id", "fct_order_lines.product_id"}


def test_no_published_table_holds_them(place: Workplace) -> None:
    with closing(duckdb.connect(place.marts, read_only=True)) as marts:
        tables = [
            (name, f'"{name}"')
            for (name,) in marts.execute("select table_name from duckdb_tables()").fetchall()
        ]
        assert len(tables) > 30
        assert leaks_of_tables(marts, tables) == {}
        parquet = [
            (f"{file.name}", f"'{file}'") for file in sorted((place.data / "marts_parquet").glob("*.parquet"))
        ]
        assert len(parquet) == len(tables)
        assert leaks_of_tables(marts, parquet) == {}


def test_no_published_value_is_found_by_trying_who_it_may_be(place: Workplace) -> None:
    """Published hashes need a secret, because lists of addresses or all phone numbers can be hashed."""
    with closing(duckdb.connect()) as connection:
        connection.execute(f"attach '{place.warehouse}' as warehouse (read_only)")
        connection.execute(f"attach '{place.marts}' as published (read_only)")
        connection.execute(f"create table hashes as {_HASHES}")
        assert connection.execute(f"select count(*) from hashes where tried like '%{EMAIL}'").fetchone() == (
            6,
        )
        columns = connection.execute(_TEXT_COLUMNS).fetchall()
        assert len(columns) > 250
        found = {}
        for table, column in columns:
            value = f"regexp_extract(\"{column}\", '[0-9a-f]{{32,}}')"
            tried = f"select distinct tried from hashes where hash in (select {value} from published.{table})"
            if people := connection.execute(f"{tried} limit 3").fetchall():
                found[f"{table}.{column}"] = people
    assert found == {}


def test_no_page_or_index_of_what_is_published_holds_them(place: Workplace) -> None:
    pages = [*place.data.glob("data_dictionary.*"), *(place.data / "marts_versions").glob("*.*")]
    assert len(pages) >= 5
    assert leaks_of_files(page for page in pages if page.suffix != ".duckdb") == {}


def test_no_report_of_the_checks_holds_them(place: Workplace) -> None:
    """The planted user's role breaks an expectation; reports give counts and keys of rows, never values."""
    pages = [page for page in (place.data / "data_docs").rglob("*") if page.is_file()]
    assert len(pages) > 50
    assert any("role is one of" in page.read_text() and "7700001" in page.read_text() for page in pages)
    assert leaks_of_files(iter(pages)) == {}


def test_no_log_and_no_console_holds_them(first: State, place: Workplace) -> None:
    assert found_in(first.run.output) == set()
    assert leaks_of_files(iter([place.data / "refresh.log"])) == {}


def test_no_event_of_dagster_holds_them(place: Workplace) -> None:
    home = [file for file in (place.folder / "dagster_home").rglob("*") if file.is_file()]
    databases = [file for file in home if file.suffix == ".db"]
    assert databases
    assert [leaks for file in databases if (leaks := leaks_of_sqlite(file))] == []
    assert leaks_of_files(file for file in home if file.suffix != ".db") == {}


@pytest.mark.parametrize("folder", ["dbt_target", ".dlt_pipelines"])
def test_what_dbt_and_dlt_keep_holds_no_secret(place: Workplace, folder: str) -> None:
    """Their working files belong to the pipeline, as the warehouse does, and may hold data."""
    files = (file for file in (place.data / folder).rglob("*") if file.is_file())
    leaks = leaks_of_files(files)
    assert {where for where, found in leaks.items() if found & set(SECRETS)} == set()
