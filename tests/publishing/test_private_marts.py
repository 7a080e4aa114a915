"""Names, contacts and texts are published where somebody asks for it, and for the owner alone."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from publishing import Publication, PublishError, publish_private
from tests.publishing.conftest import RUN_AT, rows

Publish = Callable[..., Publication]
Change = Callable[[str], None]
NAME = "select full_name, email, birth_date::varchar from dim_customers where customer_id = 'c1'"


@pytest.fixture
def private(marts: Path) -> Path:
    return marts.with_name("marts_private.duckdb")


@pytest.fixture
def publish_names(
    publish_again: Publish, warehouse: Path, manifest: Path, marts: Path, private: Path
) -> Callable[..., bool]:
    """Publish the public marts, then the private ones; keyword arguments replace the defaults."""

    def run(**changes: Any) -> bool:
        public = publish_again(run_at=changes.pop("run_at", RUN_AT))
        arguments: dict[str, Any] = {
            "warehouse": warehouse,
            "marts": marts,
            "private": private,
            "manifest": manifest,
            "version": public.version,
            "run_at": public.run_at,
            "sources": public.sources,
        }
        return publish_private(**{**arguments, **changes})

    return run


def test_nobody_gets_names_unasked(publish_again: Publish, marts: Path, private: Path) -> None:
    publish_again()
    assert not private.exists()
    assert rows(marts, NAME.replace("birth_date::varchar", "null"))[0][0] == "A*** L***"
    assert [file.name for file in marts.parent.glob("*private*")] == []


def test_the_private_file_has_names_and_only_its_owner_reads_it(
    publish_names: Callable[..., bool], marts: Path, private: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARTS_READERS", "everyone")
    assert publish_names()
    assert rows(private, NAME) == [("Ana Li", "ana@example.org", "1990-05-06")]
    assert rows(private, "select version, has_personal_data from publication") == [
        (rows(marts, "select version from publication")[0][0], True)
    ]
    assert private.stat().st_mode & 0o777 == 0o400
    assert marts.stat().st_mode & 0o777 == 0o444, "those who read the public one do not read this one"
    assert rows(marts, NAME.replace("birth_date::varchar", "null"))[0][0] == "A*** L***"


def test_it_has_the_tables_that_say_who_somebody_is(
    publish_names: Callable[..., bool], private: Path
) -> None:
    publish_names()
    tables = {name for (name,) in rows(private, "select table_name from duckdb_tables()")}
    assert tables == {"dim_customers", "publication"}, "fct_orders has it for nobody"


def test_it_is_written_again_when_a_name_changes_whose_mask_does_not(
    publish_names: Callable[..., bool], change: Change, private: Path
) -> None:
    assert publish_names()
    assert not publish_names(run_at=RUN_AT + timedelta(hours=1)), "nothing is new"
    change("update marts.dim_customers set full_name = 'Ada Lu' where customer_id = 'c1'")
    assert publish_names(run_at=RUN_AT + timedelta(hours=2))
    assert rows(private, NAME)[0][0] == "Ada Lu"


def test_rights_that_somebody_gave_are_taken_back(publish_names: Callable[..., bool], private: Path) -> None:
    publish_names()
    private.chmod(0o644)
    assert not publish_names()
    assert private.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("other", "named"), [("warehouse", "the warehouse"), ("marts", "the published marts")]
)
def test_it_replaces_neither_warehouse_nor_marts(
    publish_names: Callable[..., bool], warehouse: Path, marts: Path, other: str, named: str
) -> None:
    publish_names()
    file = {"warehouse": warehouse, "marts": marts}[other]
    before = file.read_bytes()
    with pytest.raises(PublishError, match=f"which is {named}"):
        publish_names(private=file)
    assert file.read_bytes() == before


def test_a_file_of_somebody_else_is_left_alone(publish_names: Callable[..., bool], private: Path) -> None:
    private.parent.mkdir(parents=True)
    private.write_text("mine")
    with pytest.raises(PublishError, match="no file that was published"):
        publish_names()
    assert private.read_text() == "mine"


def test_a_failure_leaves_nothing_behind(
    publish_names: Callable[..., bool], change: Change, private: Path
) -> None:
    publish_names()
    change("alter table marts.dim_customers add column shoe_size int")
    with pytest.raises(PublishError):
        publish_names(version="next")
    assert sorted(file.name for file in private.parent.glob("*private*")) == [private.name]
    assert sorted(file.name for file in private.parent.glob(".*new*")) == []
