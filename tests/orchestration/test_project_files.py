"""Which files' edits make rows anew that dbt would keep."""

from pathlib import Path

import pytest

from orchestration.project_files import digest_of, digest_of_macros


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("macros/money.sql", "models/marts/fct_orders.sql", "target/run/fct_orders.sql"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("select 1", encoding="utf-8")
    (tmp_path / "dbt_project.yml").write_text("vars: {days: 30}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("edited", "is_of_macros"),
    [("macros/money.sql", True), ("dbt_project.yml", True), ("models/marts/fct_orders.sql", False)],
)
def test_an_edit_is_another_project_and_one_that_dbt_does_not_see_is_told(
    project: Path, edited: str, is_of_macros: bool
) -> None:
    before, before_of_macros = digest_of(project), digest_of_macros(project)
    (project / edited).write_text("select 2", encoding="utf-8")
    assert digest_of(project) != before
    assert (digest_of_macros(project) != before_of_macros) == is_of_macros


def test_what_dbt_leaves_behind_is_no_edit(project: Path) -> None:
    before = digest_of(project)
    (project / "target/run/fct_orders.sql").write_text("select 3", encoding="utf-8")
    assert digest_of(project) == before
