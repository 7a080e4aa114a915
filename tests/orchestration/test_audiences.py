"""An audience as an asset: it is sent, and its check looks at what earlier sendings relied on."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration.assets.publish import REACHES, WITH_CONSENT, audience_assets
from orchestration.settings import Settings
from tests.activation.test_members import NOW, Person, warehouse

PERSON = Person(False, True, True, {("marketing", "email"): (True, True)}, 0, False)
YAML = """
description: Everybody.
owner: crm@throughline.example
purpose: marketing
channel: email
sql: select customer_id from dim_customers
destination: {{kind: files, url: {folder}/files}}
"""


def send(
    folder: Path, against_consent: int = 0, people: Sequence[Person] = (PERSON,) * 3
) -> dg.ExecuteInProcessResult:
    file = warehouse(folder, list(people))
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute(
            "create table marts.fct_activations as select 'everybody' as audience, 'c' as customer_id,"
            f" true as is_against_consent from range({against_consent})"
        )
    (folder / "audiences_of_test").mkdir()
    (folder / "audiences_of_test" / "everybody.yml").write_text(YAML.format(folder=folder))
    settings = Settings(warehouse=file, marts=folder / "marts.duckdb", dbt_project=folder, run_at=NOW)
    return dg.materialize(audience_assets(folder / "audiences_of_test"), resources={"settings": settings})


@pytest.mark.parametrize("against_consent", [0, 2])
def test_an_audience_is_sent_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, against_consent: int
) -> None:
    monkeypatch.setenv("SOURCES__MARKETING__BUCKET_URL", str(tmp_path / "marketing"))
    result = send(tmp_path, against_consent)
    assert result.success
    (materialized,) = result.asset_materializations_for_node("audiences__everybody")
    assert materialized.metadata["added"].value == 3
    passed = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert passed == {WITH_CONSENT: against_consent == 0, REACHES: True}
    assert len(list((tmp_path / "files" / "everybody").glob("*.csv"))) == 1


@pytest.mark.parametrize(("people", "passed"), [([], True), ([replace(PERSON, consents={})] * 2, False)])
def test_an_audience_of_whom_nobody_may_be_written_to_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: list[Person], passed: bool
) -> None:
    monkeypatch.setenv("SOURCES__MARKETING__BUCKET_URL", str(tmp_path / "marketing"))
    checks = send(tmp_path, people=people).get_asset_check_evaluations()
    (check,) = (check for check in checks if check.check_name == REACHES)
    assert check.passed is passed
    assert check.metadata["no_consent"].value == len(people)


def test_without_a_folder_nothing_is_sent() -> None:
    assert audience_assets(None) == []
