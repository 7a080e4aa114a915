"""Lines of megabytes do not take more memory than ingestion may have, and none of them is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingestion.place import Place

LINES, LENGTH = 20, 10_000_000
MOST_MB = 2_000
SCRIPT = """
import resource
from ingestion.pipeline import load
load("web")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.slow
def test_two_hundred_megabytes_of_lines_of_ten_are_rejected_whole_in_bounded_memory(place: Place) -> None:
    with (place.landing() / "a.jsonl").open("wb") as file:
        for number in range(LINES):
            file.write(b"%02d" % number + b"x" * (LENGTH - 2) + b"\n")
    command = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert int(done.stdout.split()[-1]) < MOST_MB
    assert place.ask("SELECT reason, left(record, 2), length(record) FROM raw.rejects ORDER BY ALL") == [
        ("record_too_large", f"{number:02}", LENGTH) for number in range(LINES)
    ]
