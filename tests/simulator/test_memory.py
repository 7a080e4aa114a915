"""Memory does not grow with the number of people."""

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import resource, sys
from pathlib import Path
from simulator.plan import Plan
from simulator.write import write
write(Plan(int(sys.argv[1]), days=30), Path(sys.argv[2]), spool_bytes=500_000)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
MEGABYTE_IN_KILOBYTES = 1024


def _peak(people: int, out: Path) -> int:
    """Return the peak memory, in kilobytes, of a process that writes a simulation."""
    command = [sys.executable, "-c", SCRIPT, str(people), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_six_times_the_people_take_no_more_memory(tmp_path: Path) -> None:
    few, many = _peak(200, tmp_path / "few"), _peak(1200, tmp_path / "many")
    written = sum(path.stat().st_size for path in (tmp_path / "many").rglob("*") if path.is_file())
    assert written > 10 * 1024 * MEGABYTE_IN_KILOBYTES
    assert many - few < 8 * MEGABYTE_IN_KILOBYTES
