"""A disk that is really full, whichever it is: one sentence, and the marts as they were."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.failures import is_full_disk, says_full_disk
from tests.orchestration.conftest import ROOT, Place, message, refresh_by_hand

# A small disk of its own, in a namespace that ends with the command; what was written is copied back.
ON_A_SMALL_DISK = """
set -e
cp -a "$1" "$1.before"
mount -t tmpfs -o size="$2" none "$1"
cp -a "$1.before/." "$1"
set +e
shift 2
"$@"
"""


def on_a_small_disk(place: Place, folder: Path, size: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Refresh with one of its folders on a disk of so many bytes."""
    if not shutil.which("unshare") or subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("this machine lets no process mount a disk of its own")
    environment = {**place.environment, **more, "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "orchestration.refresh"]
    return subprocess.run(
        ["unshare", "-rm", "sh", "-c", ON_A_SMALL_DISK, "sh", str(folder), size, *command],
        cwd=place.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("folder", "size"),
    [
        ("instance", "300k"),
        pytest.param("instance", "1m", marks=pytest.mark.slow),
        pytest.param("published", "200k", marks=pytest.mark.slow),
        pytest.param("warehouse", "1m", marks=pytest.mark.slow),
    ],
)
def test_a_full_disk_is_named_in_a_sentence(place: Place, folder: str, size: str) -> None:
    more = {"WAREHOUSE_PATH": str(place.folder / "warehouse" / "warehouse.duckdb")}
    for each in ("published", "warehouse"):
        (place.folder / each).mkdir()
    for number in range(200):
        place.land(f"{number}.jsonl", message(f"m{number}", "web", "digital"))
    done = on_a_small_disk(place, place.folder / folder, size, **more)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert f"A disk is full: the disk of {place.folder / folder} has" in said
    assert "and a refresh needs about" in said
    assert "the marts are as they were" in said
    again = refresh_by_hand(place, **more)
    assert again.returncode == 0, again.stdout + again.stderr


def test_other_errors_are_no_full_disk() -> None:
    assert not is_full_disk(ValueError("No such file"))
    assert is_full_disk(OSError(28, "any"))
    wrapped = RuntimeError("step failed")
    wrapped.__cause__ = OSError(28, "any")
    assert is_full_disk(wrapped)
    assert says_full_disk("IO Error: Could not write file: No space left on device")
    assert not says_full_disk("disk is fully checked")
