"""What makes a build that of another project, so that everything is built."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from orchestration.assets import changes
from orchestration.assets.changes import DECISIONS, PACKAGES, digest_of, digest_of_build

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("macros/money.sql", "models/marts/fct_orders.sql", "target/run/fct_orders.sql"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("select 1", encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text("vars: {days: 30}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("edited", ["macros/money.sql", "dbt_project.yml", "models/marts/fct_orders.sql"])
def test_an_edit_is_another_project(project: Path, edited: str) -> None:
    before = digest_of_build(project, [])
    (project / edited).write_text("select 2", encoding="utf-8")
    assert digest_of_build(project, []) != before


def test_a_setting_of_models_is_another_project(project: Path) -> None:
    assert digest_of_build(project, ["EUR"]) != digest_of_build(project, ["USD"])


def test_a_steward_s_decision_is_the_same_project_and_news(project: Path) -> None:
    before, all_before = digest_of_build(project, []), digest_of(project)
    (project / DECISIONS).parent.mkdir()
    (project / DECISIONS).write_text("left_type", encoding="utf-8")
    assert digest_of_build(project, []) == before
    assert digest_of(project) != all_before


def test_what_dbt_leaves_behind_is_no_edit(project: Path) -> None:
    before = digest_of(project)
    (project / "target/run/fct_orders.sql").write_text("select 3", encoding="utf-8")
    assert digest_of(project) == before


def test_another_version_of_a_package_is_another_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest_of_build(project, [])
    monkeypatch.setattr(changes, "version", lambda name: "999" if name == "phonenumbers" else "1")
    assert digest_of_build(project, []) != before


def test_every_package_that_a_python_model_imports_is_known() -> None:
    distributions = packages_distributions()
    imported = {
        module for file in MODELS.rglob("*.py") for module in _imports(file)
    } - sys.stdlib_module_names
    assert {name for module in imported for name in distributions.get(module, [])} <= set(PACKAGES)


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]
