"""Files of every kind next to the warehouse: the person's data are removed, other data stay."""

import gzip
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from rights import sweeping
from rights.stripping import Traces, traces_of
from rights.sweeping import Sweep, sweep

GONE, STAYS = "ana@quillfeather.example", "ben@quillfeather.example"
GONE_HASHED, STAYS_HASHED = (hashlib.sha256(each.encode()).hexdigest() for each in (GONE, STAYS))
RECORD = "message-of-ana"


@pytest.fixture
def traces() -> Traces:
    return traces_of([GONE], [GONE, GONE_HASHED, "Ana O'Quill"], "key")


def swept(folder: Path, traces: Traces) -> Sweep:
    return sweep([folder], [], traces, [RECORD])


def test_members_leave_files_of_audiences(tmp_path: Path, traces: Traces) -> None:
    table = (
        f"select * from (values ('add', 'm_1', '{GONE}'), ('add', 'm_2', '{STAYS}'), ('add', 'm_3', 'Ana O''Quill'),"
        f" ('add', 'm_4', '{GONE_HASHED}'), ('add', 'm_5', '{STAYS_HASHED}'), ('remove', 'm_6', null))"
        " as members (action, id, contact)"
    )
    for kind in ("csv", "parquet"):
        duckdb.execute(f"copy ({table}) to '{tmp_path}/members.{kind}'")
        (tmp_path / f"members.{kind}").chmod(0o640)
    assert swept(tmp_path, traces) == Sweep(rewritten=2)
    for kind in ("csv", "parquet"):
        left = duckdb.execute(f"select id from '{tmp_path}/members.{kind}' order by 1").fetchall()
        assert [each for (each,) in left] == ["m_2", "m_5", "m_6"]
        assert (tmp_path / f"members.{kind}").stat().st_mode & 0o777 == 0o640
    assert swept(tmp_path, traces) == Sweep()


def test_texts_lose_the_words_zipped_or_not(tmp_path: Path, traces: Traces) -> None:
    text = f"wrote to {GONE.upper()} and {STAYS}, as {RECORD} says; see ana%40quillfeather.example\n"
    (tmp_path / "run.log").write_text(text)
    (tmp_path / "run.log.gz").write_bytes(gzip.compress(text.encode()))
    assert swept(tmp_path, traces).rewritten == 2
    clean = f"wrote to erased and {STAYS}, as erased says; see erased\n"
    assert (tmp_path / "run.log").read_text() == clean
    assert gzip.decompress((tmp_path / "run.log.gz").read_bytes()).decode() == clean


def test_a_database_of_runs_has_no_word_in_free_pages(tmp_path: Path, traces: Traces) -> None:
    file = tmp_path / "runs.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("create table events (body text, pickled blob)")
        database.execute("insert into events values (?, ?)", [f"{GONE} failed", f"{STAYS} {RECORD}".encode()])
        database.execute("insert into events select body || hex(randomblob(3000)), pickled from events")
        database.execute("delete from events where rowid = 2")
    assert swept(tmp_path, traces).rewritten == 1
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("select * from events").fetchall() == [
            ("erased failed", f"{STAYS} erased".encode())
        ]
    assert GONE.encode() not in file.read_bytes()


@pytest.mark.parametrize("before", range(40, 70))
def test_a_trace_is_found_wherever_a_file_is_cut(
    tmp_path: Path, traces: Traces, monkeypatch: pytest.MonkeyPatch, before: int
) -> None:
    monkeypatch.setattr(sweeping, "_PIECE", 64)
    monkeypatch.setattr(sweeping, "_OVERLAP", 32)
    (tmp_path / "long.txt").write_bytes(b"x" * before + b" " + GONE.encode() + b" " + b"y" * 200)
    assert swept(tmp_path, traces).rewritten == 1


def test_a_file_that_cannot_be_rewritten_is_named(tmp_path: Path, traces: Traces) -> None:
    (tmp_path / "image").write_bytes(b"\xff\xfe" + GONE.encode())
    assert swept(tmp_path, traces) == Sweep(0, [tmp_path / "image"])


def test_without_words_to_look_for_parquet_is_left_alone(tmp_path: Path) -> None:
    duckdb.execute(f"copy (select 'a' as a) to '{tmp_path}/a.parquet'")
    assert sweep([tmp_path], [], traces_of([], [], ""), [RECORD]) == Sweep()
