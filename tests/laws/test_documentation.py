"""The commands, files and links in the documentation exist."""

import re
from pathlib import Path

import pytest

from tests.laws.repository import ROOT, tracked

TEXTS = [file for file in tracked(".md") if file.parent == ROOT or file.is_relative_to(ROOT / "docs")]
TOP_LEVEL = {
    file.relative_to(ROOT).parts[0] for file in tracked(".py", ".sql", ".yml", ".toml", ".md", ".csv")
}
MADE_BY_RUNNING = ("data/", "dbt_project/target", "orchestration/instance", ".dlt/secrets.toml")


def the_text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):", the_text(ROOT / "Makefile"), flags=re.MULTILINE))


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_make_command_exists(file: Path) -> None:
    named = set(re.findall(r"\bmake ([a-z][a-z-]+)(?=[\s`]*(?:`|\n|#|PEOPLE|ARGS))", the_text(file)))
    assert named - make_targets() == set()


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_named_is_there(file: Path) -> None:
    named = {
        path
        for path in re.findall(r"`([\w.-]+/[\w./-]*)`", the_text(file))
        if path.split("/")[0] in TOP_LEVEL and not path.startswith(MADE_BY_RUNNING)
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(file: Path) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", the_text(file))
    assert [link for link in links if not (file.parent / link).exists()] == []
