"""What must not be replaced at the place of the marts, and what may be in the way there."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from publishing import Publication, PublishError, rollback
from publishing.places import is_same_file
from tests.publishing.conftest import rows

Publish = Callable[..., Publication]
Change = Callable[[str], None]


@pytest.mark.parametrize("by_link", [False, True])
def test_the_warehouse_is_never_replaced(
    publish_again: Publish, warehouse: Path, tmp_path: Path, by_link: bool
) -> None:
    before = warehouse.read_bytes()
    marts = tmp_path / "marts.duckdb" if by_link else warehouse
    if by_link:
        marts.symlink_to(warehouse)
    with pytest.raises(PublishError, match=f"{marts.name} is the warehouse"):
        publish_again(marts=marts)
    assert warehouse.read_bytes() == before
    assert marts.is_symlink() == by_link


def test_files_are_the_same_whatever_leads_there(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data", target_is_directory=True)
    warehouse = tmp_path / "data" / "warehouse.duckdb"
    for other in ("link/warehouse.duckdb", "data/../data/warehouse.duckdb", "data/Warehouse.duckdb"):
        assert is_same_file(warehouse, tmp_path / other), other
    assert not is_same_file(warehouse, tmp_path / "data" / "marts.duckdb")


@pytest.mark.parametrize("content", ["a table", "a text"])
def test_a_file_that_was_never_published_is_not_replaced(
    publish_again: Publish, change: Change, marts: Path, content: str
) -> None:
    publish_again()
    change("delete from marts.fct_orders")
    publish_again()
    marts.unlink()
    if content == "a table":
        with closing(duckdb.connect(marts)) as connection:
            connection.execute("create table notes as select 42 as answer")
    else:
        marts.write_text("Our notes of March.")
    before = marts.read_bytes()
    for attempt in (publish_again, lambda: rollback(marts)):
        with pytest.raises(PublishError, match=f"{marts} is no file that was published"):
            attempt()
        assert marts.read_bytes() == before


def test_an_empty_file_may_be_replaced(publish_again: Publish, marts: Path) -> None:
    marts.parent.mkdir()
    marts.touch()
    assert publish_again().status == "published"


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_folder_in_the_place_of_the_parquet_link_does_not_stop_publishing(
    publish_again: Publish, change: Change, is_ours: bool
) -> None:
    link = publish_again().parquet
    copied = link.with_name("copied")
    shutil.copytree(link, copied)
    link.unlink()
    copied.rename(link)
    if not is_ours:
        (link / "notes.txt").write_text("Our notes of March.")
    change("delete from marts.fct_orders")
    assert publish_again().status == "published"
    assert link.is_symlink()
    counted = f"select count(*) from '{link}/fct_orders.parquet'"
    assert duckdb.execute(counted).fetchall() == [(0,)]
    assert not list(link.parent.glob("marts_versions/parquet-copied"))
    aside = link.with_name("marts_parquet.old-1")
    assert aside.exists() != is_ours
    assert is_ours or (aside / "notes.txt").read_text() == "Our notes of March."
    assert rows(link.with_name("marts.duckdb"), "select count(*) from fct_orders") == [(0,)]
