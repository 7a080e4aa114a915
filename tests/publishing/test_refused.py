"""Failures of the machine while publishing: full disk, lock, index. Each is reported, and readers keep a version."""

import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from publishing import Publication, PublishError, kept_versions, rollback
from publishing.__main__ import main
from publishing.catalog import read_catalog
from publishing.plan import plan_tables
from publishing.writer import connect_to_new
from tests.publishing.conftest import rows
from tests.publishing.test_killed import assert_nothing_is_left_over

Publish = Callable[..., Publication]
Change = Callable[[str], None]

HOLDER = """
import fcntl, os, sys
lock = open(sys.argv[1], "a+")
fcntl.flock(lock, fcntl.LOCK_EX)
lock.truncate(0)
lock.write(str(os.getpid()))
lock.flush()
print("held", flush=True)
sys.stdin.readline()
"""
WRITER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


@contextmanager
def _disk_with_room_for(file_bytes: int) -> Iterator[None]:
    """Limit files to `file_bytes`; further writes fail as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@contextmanager
def _process(program: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", program, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


# No room for the process id in the lock, 10 KB too little for the database's header, 600 KB for its rows.
@pytest.mark.parametrize("room", [0, 10_000, 600_000])
def test_a_full_disk_is_named_and_leaves_all_as_it_was(
    publish_again: Publish, change: Change, marts: Path, room: int
) -> None:
    first = publish_again().version
    before = marts.read_bytes()
    change(
        "insert into marts.fct_orders select md5(n::varchar) || md5((-n)::varchar), md5('c' || n), n"
        " from range(20000) as numbers(n)"
    )
    with _disk_with_room_for(room), pytest.raises(PublishError) as refused:
        publish_again()
    assert "stopped: " in str(refused.value)
    assert any(word in str(refused.value) for word in ("File too large", "large", "space")), refused.value
    assert str(refused.value).count("\n") == 0
    assert marts.read_bytes() == before
    assert kept_versions(marts)[0] == first
    assert_nothing_is_left_over(marts)
    assert publish_again().status == "published"
    assert rows(marts, "select count(*) from fct_orders") == [(20_002,)]


def test_the_lock_of_a_dead_process_is_free(publish_again: Publish, change: Change, marts: Path) -> None:
    publish_again()
    with _process(HOLDER, marts.parent / "marts_versions" / ".lock") as holder:
        holder.kill()
        holder.wait()
        change("delete from marts.fct_orders")
        assert publish_again(patience_seconds=0).status == "published"


def test_a_living_process_that_keeps_the_lock_is_named(publish_again: Publish, marts: Path) -> None:
    version = publish_again().version
    with _process(HOLDER, marts.parent / "marts_versions" / ".lock") as holder:
        sentence = rf"Another process \({holder.pid}\) publishes to .*marts.duckdb or rolls back.*0\.2 s"
        with pytest.raises(PublishError, match=sentence):
            publish_again(patience_seconds=0.2)
        with pytest.raises(PublishError, match=sentence):
            rollback(marts, version, patience_seconds=0.2)


def test_a_warehouse_that_is_being_written_is_named(
    publish_again: Publish, warehouse: Path, marts: Path
) -> None:
    publish_again()
    with (
        _process(WRITER, warehouse) as writer,
        pytest.raises(PublishError, match=rf"stopped: .*Could not set lock on file.*PID {writer.pid}"),
    ):
        publish_again()
    assert_nothing_is_left_over(marts)


def test_an_index_that_cannot_be_read_is_named_and_nothing_is_removed(
    publish_again: Publish, marts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_again()
    folder = marts.parent / "marts_versions"
    (folder / "versions.json").write_text('{"current": "half')
    files = sorted(folder.rglob("*"))
    with pytest.raises(PublishError, match=r"versions\.json cannot be read"):
        publish_again()
    assert main(["--marts", str(marts), "versions"]) == 1
    assert main(["--marts", str(marts), "rollback"]) == 1
    assert "versions.json cannot be read" in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == files


def test_no_query_holds_the_key_of_hashed_values(warehouse: Path, manifest: Path) -> None:
    """DuckDB quotes the query in its errors, and those go to the log."""
    queries = []
    for key in ("pepper", "salt"):
        with closing(connect_to_new(Path(":memory:"), warehouse)) as connection:
            plans = plan_tables(connection, read_catalog(manifest), publish_pii=False, key=key)
        queries.append([plan.query for plan in plans])
    assert queries[0] == queries[1]
