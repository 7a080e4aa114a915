"""Python modules: imports of private modules say why, and a program starts after all that it needs is defined.

A private module of a library may change in any release.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from tests.laws.repository import ROOT, tracked

# Not `__main__`.
PRIVATE = re.compile("_[^_]")


def private_imports(tree: ast.Module) -> Iterator[ast.stmt]:
    """Find the imports of private modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        if any(PRIVATE.match(part) for module in modules for part in module.split(".")[1:]):
            yield node


def without_reason(source: str) -> Iterator[int]:
    """Find the private imports without a comment in the line above; those that follow each other share one."""
    lines = source.splitlines()
    imports = sorted(private_imports(ast.parse(source)), key=lambda node: node.lineno)
    follows = {node.lineno for before, node in pairwise(imports) if before.end_lineno == node.lineno - 1}
    for node in imports:
        if node.lineno not in follows and not ["", *lines][node.lineno - 1].lstrip().startswith("#"):
            yield node.lineno


def test_a_private_import_says_why() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in tracked(".py")
        for number in without_reason(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_private_import_without_a_comment_is_found() -> None:
    known = "# It is exported nowhere.\nfrom dagster._core import a\nfrom dagster._core import b\n"
    assert list(without_reason(known)) == []
    assert list(without_reason(known + "import os\nfrom dagster._core import c\n")) == [5]
    assert list(without_reason("import dagster._core.x\n")) == [1]


def is_start(node: ast.stmt) -> bool:
    """Say whether a statement is `if __name__ == "__main__"`."""
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def test_a_program_starts_in_its_last_statement() -> None:
    found = [
        str(file.relative_to(ROOT))
        for file in tracked(".py")
        if any(map(is_start, ast.parse(file.read_text(encoding="utf-8")).body[:-1]))
    ]
    assert found == []
