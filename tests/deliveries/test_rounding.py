"""A double becomes a decimal only after the macro `rounded`: engines round in such a cast differently."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from slices.build import build
from tests.deliveries.retailer import NOW
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.run import Place

Expression = dict[str, Any]


def test_a_double_is_rounded_before_it_becomes_a_decimal(
    in_one_go: Place, models: CompiledModels, tmp_path: Path
) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copyfile(in_one_go.warehouse, warehouse)
    plan, run_at = models.plan, datetime.fromisoformat(NOW)
    statements = {model.name: model.code for model in plan.models.values() if model.language == "sql"}
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{warehouse}' as {plan.database}")
        build(connection, plan, set(plan.models), run_at)
        unrounded = {name: _unrounded(connection, code) for name, code in statements.items()}
    assert {name: found for name, found in unrounded.items() if found} == {}


def test_such_a_cast_is_found() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table sales (revenue decimal(28, 4), rate double)")
        assert _unrounded(
            connection,
            "select cast(revenue * rate as decimal(28, 4)) as bad, cast(round(rate, 4) as decimal(9, 4)) as good,"
            " cast(revenue as decimal(9, 2)) as exact from sales",
        ) == ["cast(revenue * rate as decimal(28, 4))"]


def _unrounded(connection: duckdb.DuckDBPyConnection, statement: str) -> list[str]:
    """Return the casts of doubles to decimals in DuckDB's plan of a statement, as they are written."""
    (found,) = connection.execute("select json_serialize_plan(?::varchar)", [statement]).fetchone() or ("",)
    plan = json.loads(found)
    assert not plan["error"], plan
    return sorted(_written(cast, statement) for cast in _casts(plan["plans"]) if _is_unrounded(cast))


def _casts(part: Any) -> Iterator[Expression]:
    if isinstance(part, list):
        for each in part:
            yield from _casts(each)
    elif isinstance(part, dict):
        if part.get("type") == "OPERATOR_CAST":
            yield part
        yield from _casts(list(part.values()))


def _is_unrounded(cast: Expression) -> bool:
    [value] = cast["children"]
    is_double = value.get("return_type", {}).get("id") == "DOUBLE"
    is_rounded = value.get("qname", {}).get("path", [])[-1:] == ["round"]
    return cast["return_type"]["id"] == "DECIMAL" and is_double and not is_rounded


def _written(cast: Expression, statement: str) -> str:
    begin = cast["query_location"]
    return statement.encode()[begin : begin + cast["query_location_length"]].decode()
