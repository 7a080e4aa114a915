"""Compares the published marts with the expectations of a story, and describes differences."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from tests.scenarios.story import Record, Story

TOLERANCE = Decimal("1e-9")


class Marts:
    """The published marts, and the warehouse's identity map with unmasked identifiers."""

    def __init__(self, marts_path: Path, warehouse_path: Path) -> None:
        self._database = duckdb.connect()
        self._database.execute(f"attach '{marts_path}' as published (read_only)")
        self._database.execute(f"attach '{warehouse_path}' as warehouse (read_only)")

    def __enter__(self) -> "Marts":
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def customer_id(self, identifier: str) -> str | None:
        """Return the customer of ``type:value``, or None."""
        kind, _, value = identifier.partition(":")
        found = self._database.execute(
            "select distinct customer_id from warehouse.marts.identity_map"
            " where identifier_type = ? and identifier_value = ?",
            [kind, value],
        ).fetchall()
        if len(found) > 1:
            raise AssertionError(f"{identifier} belongs to {len(found)} customers: {sorted(found)}")
        return str(found[0][0]) if found else None

    def rows(self, model: str, where: Record, order_by: Sequence[str]) -> list[Record]:
        """Read a model's rows as dicts; raises AssertionError if there is no such model or column."""
        columns = self._columns(model)
        conditions, values = ["true"], []
        for column, value in where.items():
            column, value = self._as_stored(column, value)
            _must_have(model, columns, column)
            if value is None:
                conditions.append(f'"{column}" is null')
            else:
                conditions.append(f'"{column}" = ?')
                values.append(value)
        for column in order_by:
            _must_have(model, columns, column)
        order = f" order by {', '.join(order_by)}" if order_by else ""
        answer = self._database.execute(
            f"select * from published.{model} where {' and '.join(conditions)}{order}", values
        )
        return [dict(zip(columns, row, strict=True)) for row in answer.fetchall()]

    def _as_stored(self, column: str, value: Any) -> tuple[str, Any]:
        if column != "customer":
            return column, value
        customer_id = self.customer_id(value)
        if customer_id is None:
            raise AssertionError(f"nobody is known by {value}")
        return "customer_id", customer_id

    def _columns(self, model: str) -> list[str]:
        found = self._database.execute(
            "select column_name from information_schema.columns"
            " where table_catalog = 'published' and table_schema = 'main' and table_name = ?"
            " order by ordinal_position",
            [model],
        ).fetchall()
        if not found:
            raise AssertionError(f"the published marts have no model {model}")
        return [name for (name,) in found]

    def problems(self, number: int, expected: Record) -> list[str]:
        """Describe the failure of expectation ``number`` (from 1); return an empty text if it holds."""
        try:
            if "same_customer" in expected:
                found = self._same_customer(expected["same_customer"])
            elif "different_customers" in expected:
                found = self._different_customers(expected["different_customers"])
            else:
                found = self._model(expected)
        except AssertionError as problem:
            found = [str(problem)]
        title = f"{number}. {_title(expected)}"
        return ["\n     ".join([title, *found])] if found else []

    def _same_customer(self, identifiers: Sequence[str]) -> list[str]:
        owners = {identifier: self.customer_id(identifier) for identifier in identifiers}
        if len(set(owners.values())) == 1 and None not in owners.values():
            return []
        return ["expected one customer, found:", *(f"{i} -> {c or 'nobody'}" for i, c in owners.items())]

    def _different_customers(self, identifiers: Sequence[str]) -> list[str]:
        owners = {identifier: self.customer_id(identifier) for identifier in identifiers}
        if len(set(owners.values())) == len(identifiers) and None not in owners.values():
            return []
        return ["expected as many customers, found:", *(f"{i} -> {c or 'nobody'}" for i, c in owners.items())]

    def _model(self, expected: Record) -> list[str]:
        order_by = expected.get("order_by", [])
        order_by = [order_by] if isinstance(order_by, str) else order_by
        wanted = expected.get("rows")
        if wanted is not None and len(wanted) > 1 and not order_by:
            raise AssertionError("several rows are expected, but order_by does not say in which order")
        actual = self.rows(expected["model"], expected.get("where", {}), order_by)
        if wanted is None and "row" in expected:
            wanted = [expected["row"]] * expected.get("count", 1)
        count = expected.get("count", len(wanted) if wanted is not None else None)
        if count is not None and len(actual) != count:
            return [f"expected {count} rows, found {len(actual)}:", *_shown(actual, wanted)]
        return [
            line
            for number, (want, row) in enumerate(zip(wanted or [], actual, strict=True) if wanted else [])
            for line in self._differences(number, want, row)
        ]

    def _differences(self, number: int, wanted: Record, row: Record) -> list[str]:
        found = []
        for column, value in wanted.items():
            column, value = self._as_stored(column, value)
            if column not in row:
                found.append(f"row {number}: no column {column}; it has {', '.join(sorted(row))}")
            elif not same(value, row[column]):
                found.append(f"row {number}: {column} expected {_text(value)}, found {_text(row[column])}")
        return found


def check(story: Story, marts: Marts) -> None:
    """Compare all of a story's expectations; raises AssertionError with every one that does not hold."""
    wrong = [p for n, expected in enumerate(story.expect, 1) for p in marts.problems(n, expected)]
    if wrong:
        head = f"{story.name}: {len(wrong)} of {len(story.expect)} expectations do not hold"
        raise AssertionError("\n  ".join([head, *wrong]))


def same(expected: Any, actual: Any) -> bool:
    """Whether a cell equals the expected value: numbers to the written decimals, dates as ISO text."""
    if isinstance(actual, float) and math.isnan(actual):
        actual = None
    if expected is None or actual is None:
        return expected is actual
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | Decimal):
        return isinstance(actual, int | float | Decimal) and _same_number(
            Decimal(expected), Decimal(str(actual))
        )
    return str(expected) == _text(actual) or _same_instant(str(expected), actual)


def _same_number(expected: Decimal, actual: Decimal) -> bool:
    if abs(expected - actual) <= TOLERANCE:
        return True
    decimals = -int(expected.as_tuple().exponent)
    return decimals > 0 and round(actual, decimals) == expected


def _same_instant(expected: str, actual: Any) -> bool:
    if not isinstance(actual, datetime):
        return False
    stated = datetime.fromisoformat(expected)
    return _utc(stated) == _utc(actual)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _must_have(model: str, columns: Sequence[str], column: str) -> None:
    if column not in columns:
        raise AssertionError(f"{model} has no column {column}; it has {', '.join(columns)}")


def _title(expected: Record) -> str:
    for key in ("same_customer", "different_customers"):
        if key in expected:
            return f"{key} {', '.join(expected[key])}"
    where = ", ".join(f"{column}={_text(value)}" for column, value in expected.get("where", {}).items())
    return f"{expected['model']} where {where}" if where else str(expected["model"])


def _shown(rows: Sequence[Record], wanted: Sequence[Record] | None) -> list[str]:
    """Print the found rows: the columns of the story, or else those that distinguish rows."""
    named = {"customer_id" if c == "customer" else c for row in wanted or [] for c in row}
    distinguishing = [
        c
        for c in (rows[0] if rows else [])
        if c in named or (not named and rows[0][c] is not None) or c in ("occurred_at", "started_at")
    ]
    return [
        "  " + ", ".join(f"{column}={_text(row[column])}" for column in distinguishing) for row in rows[:20]
    ]
