"""The repository's files, as git sees them."""

import re
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository: known to git or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return tuple(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def tracked(*suffixes: str) -> list[Path]:
    """List the tracked files with one of these suffixes."""
    return [file for file in tracked_files() if file.suffix in suffixes]


def lines_matching(files: list[Path], pattern: str) -> list[str]:
    """Find the lines that match, as ``file:line: text``; binary files are passed over."""
    wanted = re.compile(pattern)
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
        for file in files
        for number, line in enumerate(_text(file).splitlines(), 1)
        if wanted.search(line)
    ]


def _text(file: Path) -> str:
    data = file.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", errors="replace")
