"""A small warehouse with two marts, and the manifest that dbt would have written for them."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from publishing import Publication, publish

RUN_AT = datetime(2026, 4, 30, 12, 0, tzinfo=UTC)

MARTS = """
create schema marts;
create table marts.dim_customers (
    customer_id varchar, email varchar, phone varchar, full_name varchar, notes varchar, birth_date date,
    emails varchar[], user_id varchar, orders bigint
);
insert into marts.dim_customers values
    ('c1', 'ana@example.org', '+13125550143', 'Ana Li', 'likes red shoes and hats', '1990-05-06',
     ['ana@example.org', 'a.li@work.example'], 'u-1', 2),
    ('c2', null, null, null, null, null, null, null, 0);
create table marts.fct_orders (order_id varchar, customer_id varchar, net_total decimal(18, 4));
insert into marts.fct_orders values ('o1', 'c1', 10.5), ('o2', 'c1', 20);
"""

COLUMNS: dict[str, list[tuple[str, str, str | None]]] = {
    "dim_customers": [
        ("customer_id", "varchar", None),
        ("email", "varchar", "mask"),
        ("phone", "varchar", "mask"),
        ("full_name", "varchar", "mask"),
        ("notes", "varchar", "mask"),
        ("birth_date", "date", "mask"),
        ("emails", "varchar[]", "hash"),
        ("user_id", "varchar", "hash"),
        ("orders", "bigint", None),
    ],
    "fct_orders": [
        ("order_id", "varchar", None),
        ("customer_id", "varchar", None),
        ("net_total", "decimal(18,4)", None),
    ],
}


def _model(name: str, columns: list[tuple[str, str, str | None]]) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "schema": "marts",
        "alias": name,
        "fqn": ["throughline", "marts", "customers", name],
        "description": f"One row per row of {name}; it's described.",
        "config": {"enabled": True, "materialized": "table"},
        "depends_on": {"nodes": ["model.throughline.int_orders"]},
        "columns": {
            column: {
                "name": column,
                "data_type": data_type,
                "description": f"The {column}.",
                "config": {"meta": {"pii": pii} if pii else {}},
            }
            for column, data_type, pii in columns
        },
    }


def manifest_of(columns: dict[str, list[tuple[str, str, str | None]]]) -> str:
    """Write what publishing reads of dbt's manifest."""
    return json.dumps(
        {"nodes": {f"model.throughline.{name}": _model(name, columns[name]) for name in columns}}
    )


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with closing(duckdb.connect(path)) as connection:
        connection.execute(MARTS)
    return path


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(manifest_of(COLUMNS))
    return path


@pytest.fixture
def marts(tmp_path: Path) -> Path:
    return tmp_path / "published" / "marts.duckdb"


@pytest.fixture
def publish_again(warehouse: Path, manifest: Path, marts: Path) -> Callable[..., Publication]:
    """Publish the small warehouse; keyword arguments replace the defaults."""

    def run(**changes: Any) -> Publication:
        arguments: dict[str, Any] = {
            "warehouse": warehouse,
            "marts": marts,
            "manifest": manifest,
            "run_at": RUN_AT,
            "sources": {"web": "loaded", "store": "not_configured"},
            "key": "pepper",
        }
        return publish(**{**arguments, **changes})

    return run


@pytest.fixture
def change(warehouse: Path) -> Callable[[str], None]:
    """Run SQL in the warehouse."""

    def run(sql: str) -> None:
        with closing(duckdb.connect(warehouse)) as connection:
            connection.execute(sql)

    return run


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query on a DuckDB file, read as a BI tool reads it."""
    with closing(duckdb.connect(database, read_only=True)) as connection:
        return connection.execute(sql).fetchall()
