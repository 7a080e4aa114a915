"""A simulation replaces files of an earlier one, and never other files."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from orchestration import demo
from simulator.output_folder import SUMMARY, OutputTakenError, make_room
from simulator.plan import Plan
from simulator.write import write

OTHERS = [
    "landing/web/export.jsonl",
    "landing/marketing/ad_spend/ours.csv",
    "landing/web/2026-09-01/events-9999.jsonl",
    "support/ours.jsonl",
    "truth/ours.txt",
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small")
    write(Plan(5, days=20), out)
    return out


@pytest.fixture
def out(small: Path, tmp_path: Path) -> Path:
    shutil.copytree(small, tmp_path / "out")
    return tmp_path / "out"


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _is_refused(out: Path, file: Path) -> None:
    before = _files(out)
    with pytest.raises(OutputTakenError) as refused:
        make_room(out, None, replace=False)
    assert refused.value.place == file
    assert _files(out) == before


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_beside_those_of_a_simulation_is_named_and_nothing_is_removed(out: Path, name: str) -> None:
    file = out / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("ours")
    _is_refused(out, file)
    make_room(out, None, replace=True)
    assert not file.exists()


def test_a_folder_that_a_link_leads_to_is_not_looked_into(out: Path, tmp_path: Path) -> None:
    shutil.move(out / "landing" / "web", tmp_path / "elsewhere")
    (out / "landing" / "web").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    _is_refused(out, out / "landing" / "web")


def _other_table(store: Path) -> None:
    with closing(sqlite3.connect(store)) as database, database:
        database.execute("create table receipts (id)")


def _more_rows(store: Path) -> None:
    with closing(sqlite3.connect(store)) as database, database:
        columns = len(database.execute("pragma table_info(members)").fetchall())
        database.execute(f"insert into members values ({', '.join('?' * columns)})", ["x"] * columns)


def _no_database(store: Path) -> None:
    store.write_text("ours")


@pytest.mark.parametrize("put", [_other_table, _more_rows, _no_database])
def test_a_store_that_somebody_else_wrote_to_is_left_alone(out: Path, put: Callable[[Path], None]) -> None:
    put(out / "store.db")
    _is_refused(out, out / "store.db")


def test_a_store_beside_a_simulation_that_had_another_is_left_alone(out: Path) -> None:
    summary = out / SUMMARY
    summary.write_text(summary.read_text().replace('"store": null', '"store": "postgresql://pos/till"'))
    _is_refused(out, out / "store.db")


def test_all_that_a_simulation_wrote_goes_with_its_folders(out: Path) -> None:
    kept = out / "landing" / "till" / "ours.jsonl"
    kept.parent.mkdir()
    kept.write_text("ours")
    assert make_room(out, None, replace=False)
    assert _files(out) == {"landing/till/ours.jsonl": b"ours"}
    assert [path.name for path in out.iterdir() if path.name != "landing"] == ["truth"]


def test_of_a_simulation_that_was_killed_the_files_are_known_by_their_names(out: Path) -> None:
    summary = out / SUMMARY
    summary.write_text('{"store": null}')
    (out / "truth" / "files.jsonl").write_text('{"source":"web","fi')
    store = out / "store.db"
    store.write_bytes(store.read_bytes()[: 3 * store.stat().st_size // 4])
    ours = out / "landing" / "web" / "export.jsonl"
    ours.write_text("ours")
    _is_refused(out, ours)
    ours.unlink()
    make_room(out, None, replace=False)
    assert not _files(out)


def test_the_demo_leaves_the_files_of_its_user(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(out.parent)
    out.rename("data")
    file = Path("data/landing/web/ours.jsonl")
    file.write_text("ours")
    assert demo.main(["--people", "6"]) == 1
    assert file.read_text() == "ours"
    assert capsys.readouterr().err.startswith(f"demo: {file} is not the demo's own")
