"""The export for a person has everything about them, and nothing about anybody else."""

import json
import shutil
from pathlib import Path

import pytest

from rights.exporting import collect, write_export
from rights.places import RightsError
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.rights.conftest import Home
from tests.rights.family import FAMILY, Member

ASKING = Member(3)


@pytest.fixture
def exported(home: Home, dbt: DbtProject, tmp_path: Path) -> tuple[Path, Path]:
    target = home.places.dbt_project / "target"
    target.mkdir()
    shutil.copyfile(dbt.manifest_file, target / "manifest.json")
    return write_export(collect(home.places, [f"email:{ASKING.email}"]), tmp_path / "export")


def test_everything_of_the_person_is_in_both_forms(exported: tuple[Path, Path]) -> None:
    ours = {trace for trace in ASKING.traces if not trace.isupper()}
    for file in exported:
        text = file.read_text(encoding="utf-8")
        assert {trace for trace in ours if trace not in text} == set()


def test_nothing_of_the_others_is_in_it(exported: tuple[Path, Path]) -> None:
    others = [Member(number) for number in range(len(FAMILY)) if number != ASKING.number]
    for file in exported:
        text = file.read_text(encoding="utf-8")
        assert [trace for member in others for trace in member.traces if trace in text] == []


def test_records_come_with_source_purpose_and_the_links(exported: tuple[Path, Path]) -> None:
    known = json.loads(exported[0].read_text(encoding="utf-8"))
    assert {"web_events", "store_members", "support_tickets"} <= {each["table"] for each in known["records"]}
    assert all(each["source"] and each["purpose"] for each in known["records"])
    assert any(ASKING.email in link and "member_id" in link for link in known["links"])
    assert exported[0].stat().st_mode & 0o077 == 0


def test_nobody_is_exported_under_an_unknown_identifier(home: Home, dbt: DbtProject) -> None:
    target = home.places.dbt_project / "target"
    target.mkdir()
    shutil.copyfile(dbt.manifest_file, target / "manifest.json")
    with pytest.raises(RightsError, match="No customer has this email"):
        collect(home.places, ["email:nobody@quillfeather.example"])
