"""The warehouse as ingestion and orchestration open it: for single questions, to load, to settle after a crash."""

from pathlib import Path

import duckdb

# Without a limit DuckDB takes four fifths of the machine; what needs more spills to disk.
MEMORY_LIMIT = "1GB"


def opened(warehouse: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open the warehouse; close it before dlt or dbt do. Raises duckdb.IOException where another process has it."""
    return duckdb.connect(str(warehouse), read_only=read_only, config={"memory_limit": MEMORY_LIMIT})
