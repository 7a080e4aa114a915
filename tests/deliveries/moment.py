"""A point between two runs of a history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb


@dataclass(frozen=True)
class Moment:
    """A point between two runs: raw tables, seeds, records to come, load and clock."""

    warehouse: duckdb.DuckDBPyConnection
    load: str
    at: datetime
    seed: int
    # What happens to a few of a dozen people happens to as many of each dozen.
    dozens: int = 1

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement."""
        return self.warehouse.execute(sql).fetchall()

    def rank(self, key: str) -> str:
        """SQL of a number for each row that is random, and another in each chapter."""
        return f"hash({key}, {self.seed}, '{self.load}')"
