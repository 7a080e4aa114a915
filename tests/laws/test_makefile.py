"""Arguments of make commands are values, whatever they contain."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

# Each form in which a text becomes a command: for make, for the shell, between quotes and outside them.
PASTED = (
    """x"; touch owned; echo "'; touch owned; echo '$(touch owned)$(shell touch owned)$$(touch owned)"""
    """${shell touch owned}`touch owned`& touch owned & |touch owned\ntouch owned\n * $HOME $$ a$b@shop.test"""
)


def run(tmp_path: Path, *arguments: str, **environment: str) -> str:
    """Run make, which fails, and return its output; check that no argument was executed."""
    nothing = {"WAREHOUSE_PATH": str(tmp_path / "none"), "MARTS_PATH": str(tmp_path / "none")}
    done = subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=os.environ | nothing | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    owned = ROOT / "owned"
    was_owned = owned.exists()
    owned.unlink(missing_ok=True)
    assert not was_owned
    assert done.returncode != 0
    return done.stderr


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("why", ["A", "B"]),
        ("metrics", ["QUERY"]),
        ("rollback", ["VERSION"]),
        ("mirror", ["URL"]),
        ("bench-components", ["ARGS"]),
        ("ui", ["UI_PORT"]),
    ],
)
def test_what_is_pasted_runs_nothing(tmp_path: Path, target: str, names: list[str]) -> None:
    run(tmp_path, target, *(f"{name}={PASTED}" for name in names))


def test_what_is_pasted_arrives_as_it_was_typed(tmp_path: Path) -> None:
    assert f"invalid int value: {PASTED!r}" in run(tmp_path, "demo", f"PEOPLE={PASTED}")
    assert f"invalid int value: {PASTED!r}" in run(tmp_path, "demo", SEED=PASTED)


def test_no_recipe_lets_make_expand_what_the_command_line_sets() -> None:
    exported = re.search(r"^export (.*)$", MAKEFILE, re.MULTILINE)
    assert exported
    names = set(exported[1].split()) | set(re.findall(r"^\w+: export (\w+)", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"^(\w+) \?=", MAKEFILE, re.MULTILINE)) <= names
    recipes = "\n".join(line for line in MAKEFILE.splitlines() if line.startswith("\t"))
    assert set(re.findall(r"\$\$\{?([A-Z]\w*)", recipes)) - {"PATH"} <= names
    ours = set(re.findall(r"^([A-Z_]+) :=", MAKEFILE, re.MULTILINE))
    assert set(re.findall(r"\$[({]([A-Z_]+)[)}]", recipes)) - ours == {"CURDIR"}
