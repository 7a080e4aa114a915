"""Lines of megabytes, and leftovers of a crashed load, stay within the memory limit of ingestion."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.ingestion.place import Place

LINES, LENGTH = 20, 10_000_000
MOST_MB = 2_000
ROWS, ROWS_TWICE = 2_000_000, 300_000
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
LOAD = "from ingestion.sources import load; load('web')"
SETTLE = """
import sys
from pathlib import Path
from ingestion.load.recovery import settle
settle(Path(sys.argv[1]), ["one"])"""


def peak_mb(script: str, *arguments: str) -> int:
    """Run a script in a process of its own; its peak memory."""
    command = [sys.executable, "-c", f"{script}\n{PEAK}", *arguments]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


@pytest.mark.slow
def test_two_hundred_megabytes_of_lines_of_ten_are_rejected_whole_in_bounded_memory(place: Place) -> None:
    with (place.landing() / "a.jsonl").open("wb") as file:
        for number in range(LINES):
            file.write(b"%02d" % number + b"x" * (LENGTH - 2) + b"\n")
    assert peak_mb(LOAD) < MOST_MB
    assert place.ask("SELECT reason, left(record, 2), length(record) FROM raw.rejects ORDER BY ALL") == [
        ("record_too_large", f"{number:02}", LENGTH) for number in range(LINES)
    ]


@pytest.mark.slow
def test_a_gigabyte_that_a_crash_inserted_in_part_twice_is_settled_in_bounded_memory(tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("CREATE SCHEMA raw")
        connection.execute(f"""
            CREATE TABLE raw.web_events AS
            SELECT number, repeat(md5(number::VARCHAR), 20) AS record, 'one' AS _dlt_load_id
            FROM range({ROWS}) AS numbers (number)""")
        connection.execute(f"INSERT INTO raw.web_events FROM raw.web_events LIMIT {ROWS_TWICE}")
        connection.execute("""
            CREATE TABLE raw.load_ledger (
                table_name VARCHAR, records_read BIGINT, records_loaded BIGINT, records_duplicate BIGINT,
                records_rejected BIGINT, _dlt_load_id VARCHAR)""")
    assert peak_mb(SETTLE, str(warehouse)) < MOST_MB
    with duckdb.connect(str(warehouse)) as connection:
        found = connection.execute("SELECT count(*), count(DISTINCT number) FROM raw.web_events").fetchone()
    assert found == (ROWS, ROWS)
