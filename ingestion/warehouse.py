"""The warehouse as ingestion opens it: for single questions, by dlt to load, and to settle what a crash left."""

from pathlib import Path

import duckdb

# Without a limit DuckDB takes four fifths of the machine; what needs more goes by way of the disk.
MEMORY_LIMIT = "1GB"


def opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    """Open the warehouse; close it before dlt loads."""
    return duckdb.connect(str(warehouse), config={"memory_limit": MEMORY_LIMIT})
