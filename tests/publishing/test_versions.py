"""Versions: kept, rolled back, never half written; readers are not disturbed."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from publishing import Publication, PublishError, kept_versions, rollback
from publishing.__main__ import main
from publishing.catalog import read_catalog
from publishing.plan import contents_of, plan_tables
from publishing.writer import PublicationRow, audit, connect_to_new, write_marts
from tests.publishing.conftest import RUN_AT, rows

Publish = Callable[..., Publication]
Change = Callable[[str], None]

READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("select count(*) from marts.fct_orders").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("select count(*), sum(net_total) from marts.fct_orders").fetchone()[0], flush=True)
"""


def add_order(change: Change, order_id: str) -> None:
    change(f"insert into marts.fct_orders values ('{order_id}', 'c2', 1)")


def test_a_reader_with_the_marts_open_goes_on_reading(
    publish_again: Publish, change: Change, marts: Path
) -> None:
    publish_again()
    command = [sys.executable, "-c", READER, str(marts)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == "2\n"
        add_order(change, "o3")
        assert publish_again().status == "published"
        assert rows(marts, "select count(*) from marts.fct_orders") == [(3,)]
        reader.stdin.write("\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "2\n", "the old file stays whole for those who have it open"
        reader.stdin.close()
    assert reader.returncode == 0


def test_unchanged_content_keeps_the_version_and_the_file(publish_again: Publish, marts: Path) -> None:
    first = publish_again()
    before = (marts.stat().st_ino, marts.read_bytes())
    again = publish_again(run_at=RUN_AT + timedelta(hours=1))
    assert (again.status, again.version) == ("unchanged", first.version)
    assert (marts.stat().st_ino, marts.read_bytes()) == before


def test_the_order_of_rows_is_no_change(publish_again: Publish, change: Change) -> None:
    publish_again()
    change("create or replace table marts.fct_orders as from marts.fct_orders order by order_id desc")
    assert publish_again().status == "unchanged"


def test_a_source_that_failed_is_a_change(publish_again: Publish) -> None:
    publish_again()
    assert publish_again(sources={"web": "failed"}).status == "published"


def test_marts_that_somebody_wrote_into_are_published_anew(publish_again: Publish, marts: Path) -> None:
    publish_again()
    marts.chmod(0o644)
    with duckdb.connect(marts) as connection:
        connection.execute("delete from marts.fct_orders")
    assert publish_again().status == "published"
    assert rows(marts, "select count(*) from marts.fct_orders") == [(2,)]


def test_the_last_three_versions_are_kept_with_all_their_files(
    publish_again: Publish, change: Change, marts: Path
) -> None:
    names = []
    for number in range(5):
        add_order(change, f"n{number}")
        names.append(publish_again(run_at=RUN_AT + timedelta(days=number)).version)
    current, versions = kept_versions(marts)
    assert current == names[-1]
    assert [version.name for version in versions] == names[-3:]
    folder = marts.parent / "marts_versions"
    assert sorted(path.name for path in folder.glob("*.duckdb")) == [
        f"marts-{name}.duckdb" for name in names[-3:]
    ]
    assert sorted(path.name for path in folder.glob("parquet-*")) == [
        f"parquet-{name}" for name in names[-3:]
    ]
    assert len(list(folder.glob("data_dictionary-*"))) == 6


def test_rollback_publishes_a_kept_version_again(publish_again: Publish, change: Change, marts: Path) -> None:
    first = publish_again()
    add_order(change, "o3")
    second = publish_again()
    rollback(marts, first.version)
    assert rows(marts, "select count(*) from marts.fct_orders") == [(2,)]
    parquet = f"select count(*) from '{second.parquet}/fct_orders.parquet'"
    assert duckdb.connect().execute(parquet).fetchall() == [(2,)]
    assert first.version in first.dictionary.read_text()
    assert kept_versions(marts)[0] == first.version
    assert publish_again().version == second.version, "the next run publishes the warehouse"


def test_rollback_refuses_a_version_that_is_not_kept(publish_again: Publish, marts: Path) -> None:
    version = publish_again().version
    with pytest.raises(PublishError, match=f"no version 19990101.*{version}"):
        rollback(marts, "19990101")


def test_rollback_refuses_a_damaged_version(publish_again: Publish, change: Change, marts: Path) -> None:
    first = publish_again()
    add_order(change, "o3")
    publish_again()
    before = marts.read_bytes()
    (marts.parent / "marts_versions" / f"marts-{first.version}.duckdb").write_bytes(b"not a database")
    with pytest.raises(PublishError, match=f"files of version {first.version} are missing or were changed"):
        rollback(marts, first.version)
    assert marts.read_bytes() == before


def test_a_killed_publication_leaves_nothing_in_the_way(
    publish_again: Publish, change: Change, marts: Path
) -> None:
    publish_again()
    add_order(change, "o3")
    staged = marts.parent / "marts_versions" / "staged.duckdb"
    staged.write_bytes(b"half a file")
    staged.with_name("staged.duckdb.wal").write_bytes(b"half a log")
    assert publish_again().status == "published"
    assert not staged.exists()


def test_the_audit_names_the_table_that_was_not_written_whole(
    warehouse: Path, manifest: Path, tmp_path: Path
) -> None:
    staged = tmp_path / "staged.duckdb"
    row = PublicationRow("v1", RUN_AT, False, {}, {}, "")
    with closing(connect_to_new(staged, warehouse)) as connection:
        plans = plan_tables(connection, read_catalog(manifest), publish_pii=True, key="")
        expected = contents_of(connection, plans)
        write_marts(connection, plans, row)
    audit(staged, plans, expected)
    damage = {
        "update fct_orders set net_total = net_total + 1": "fct_orders: what was written differs",
        "delete from dim_customers where orders = 0": "dim_customers: 1 rows were written.* has 2",
    }
    for sql, complaint in damage.items():
        with closing(duckdb.connect(staged)) as connection:
            connection.execute(sql)
        with pytest.raises(PublishError, match=complaint):
            audit(staged, plans, expected)


def test_a_version_is_published_anew_beside_a_damaged_one_of_its_name(
    publish_again: Publish, marts: Path
) -> None:
    """The Parquet files that readers may have open are not taken away for it."""
    first = publish_again()
    open_parquet = first.parquet.resolve() / "fct_orders.parquet"
    (marts.parent / "marts_versions" / f"marts-{first.version}.duckdb").unlink()
    again = publish_again()
    assert (again.status, again.version) == ("published", f"{first.version}-2")
    assert open_parquet.exists()


def test_without_a_version_rollback_goes_one_back_and_refuses_where_there_is_none(
    publish_again: Publish, change: Change, marts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--marts", str(marts), "versions"]) == 0
    assert main(["--marts", str(marts), "rollback"]) == 1
    assert "Nothing is published at" in capsys.readouterr().err
    names = []
    for number in range(3):
        add_order(change, f"n{number}")
        names.append(publish_again(run_at=RUN_AT + timedelta(days=number)).version)
    for name in (names[1], names[0]):
        assert main(["--marts", str(marts), "rollback"]) == 0
        assert kept_versions(marts)[0] == name
        assert rows(marts, "select version from publication") == [(name,)]
    assert main(["--marts", str(marts), "rollback"]) == 1
    assert f"no version before the published one ({names[0]}) to roll back to" in capsys.readouterr().err
    assert kept_versions(marts)[0] == names[0]


def test_command_line_lists_and_rolls_back(
    publish_again: Publish, change: Change, marts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = publish_again()
    add_order(change, "o3")
    second = publish_again()
    assert main(["--marts", str(marts), "versions"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == [first.version, second.version]
    assert listed[1].endswith("<- published")
    assert main(["--marts", str(marts), "rollback", first.version]) == 0
    assert main(["--marts", str(marts), "rollback", "nothing"]) == 1
    assert "There is no version nothing" in capsys.readouterr().err
