"""Whether dlt is at rest after a run: nothing open, nothing waiting."""

from pathlib import Path

import duckdb


def dlt_is_at_rest(warehouse: Path, source: str) -> None:
    """Check that dlt has closed every load and has none pending; our sources keep no state in it."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        open_loads = connection.execute(
            "SELECT DISTINCT _dlt_load_id FROM raw.load_ledger"
            " WHERE _dlt_load_id NOT IN (SELECT load_id FROM raw._dlt_loads)"
        ).fetchall()
    assert open_loads == []
    pipelines = warehouse.parent / ".dlt_pipelines" / warehouse.name
    working = pipelines / f"throughline_{source}"
    waiting = [
        *working.glob("load/new/*"),
        *working.glob("load/normalized/*"),
        *working.glob("normalize/extracted/*"),
        *pipelines.glob("work/work-*"),
    ]
    assert waiting == []
