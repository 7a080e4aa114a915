"""The run around the sources: settings, broken inputs, crashes, and warehouses that come and go."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dlt
import duckdb
import pytest
from dlt.common.storages.load_package import PackageStorage
from dlt.common.storages.load_storage import LoadStorage

from ingestion.errors import SourceError, without_secrets
from ingestion.load import pipeline
from ingestion.load.recovery import settle
from ingestion.run import Workbench
from ingestion.sources import SOURCES, load
from tests.ingestion.place import NOW, Place, counts, lines, message

REPOSITORY = Path(__file__).parents[2]


def test_all_raw_tables_exist_after_any_run(place: Place) -> None:
    place.warehouse.unlink()
    load("web")
    tables = place.column(
        "SELECT table_name FROM information_schema.tables WHERE table_name NOT LIKE '\\_dlt%' ESCAPE '\\'"
    )
    assert len(tables) == 18
    assert {f"{source}_events" for source in ("web", "app", "marketing")} <= set(tables)
    types = dict(place.ask("SELECT column_name, column_type FROM (DESCRIBE raw.store_transactions)"))
    assert types["total"] == "DECIMAL(18,4)"
    assert types["occurred_at"] == "TIMESTAMP WITH TIME ZONE"


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_without_setting_and_default_is_not_configured(
    place: Place, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.chdir(place.folder)
    for name in [name for name in os.environ if name.startswith("SOURCES__")]:
        monkeypatch.delenv(name)
    report = load(source)
    assert report.status == "not_configured"
    assert f"SOURCES__{source.upper()}__" in report.message
    assert report.tables == {}


def test_a_folder_that_was_set_but_does_not_exist_is_a_failure(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCES__APP__BUCKET_URL", str(place.folder / "nowhere"))
    with pytest.raises(SourceError, match=r"app: cannot list .*/nowhere: .*No such file"):
        load("app")


def test_an_unreadable_file_is_named_after_the_others_are_loaded(place: Place) -> None:
    place.land("good.jsonl", lines(message("m1")))
    broken = place.landing() / "broken.jsonl"
    broken.symlink_to(place.folder / "gone.jsonl")
    with pytest.raises(SourceError, match=r"web: cannot read .*/broken\.jsonl: .*No such file") as failed:
        load("web")
    assert failed.value.report is not None
    assert failed.value.report.status == "failed"
    assert counts(failed.value.report, "web_events") == (1, 1, 0, 0)
    broken.unlink()
    broken.write_text(lines(message("m2")))
    assert counts(load("web"), "web_events") == (1, 1, 0, 0)


def test_a_warehouse_in_use_elsewhere_is_named(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1")))
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import duckdb; c = duckdb.connect({str(place.warehouse)!r}); print(1, flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(SourceError, match=r"web: cannot load into .*warehouse\.duckdb: .*lock"):
            load("web")
    finally:
        holder.communicate(b"\n")


def test_a_new_warehouse_gets_everything_though_dlt_remembers_the_old_one(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1")))
    load("web")
    place.warehouse.unlink()
    assert counts(load("web"), "web_events") == (1, 1, 0, 0)
    assert place.column("SELECT count(*) FROM raw.load_ledger") == [1]


def test_lost_working_folders_change_nothing(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1")))
    load("web")
    shutil.rmtree(place.folder / ".dlt_pipelines")
    assert load("web").tables == {}
    place.land("b.jsonl", lines(message("m1"), message("m2")))
    assert counts(load("web"), "web_events") == (2, 1, 1, 0)


def _crash_while_loading(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.land("a.jsonl", lines(message("m1")) + "broken\n")
    with monkeypatch.context() as patch:
        patch.setattr(dlt.Pipeline, "load", _crash)
        with pytest.raises(KeyboardInterrupt):
            load("web")
    assert place.column("SELECT count(*) FROM raw.web_events") == [0]


def _crash(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_package_that_a_crash_left_is_finished_first(
    place: Place, monkeypatch: pytest.MonkeyPatch, at: Callable[[str], None]
) -> None:
    _crash_while_loading(place, monkeypatch)
    at("2026-06-02T00:00:00Z")
    place.land("b.jsonl", lines(message("m1"), message("m2")))
    assert counts(load("web"), "web_events") == (4, 2, 1, 1)
    assert place.ask("SELECT message_id, loaded_at::DATE::VARCHAR FROM raw.web_events ORDER BY 1") == [
        ("m1", "2026-06-01"),
        ("m2", "2026-06-02"),
    ]
    assert place.column("SELECT count(*) FROM raw.load_ledger") == [2]
    assert place.reasons() == {"not_json": 1}


def test_a_package_left_for_another_warehouse_is_dropped(
    place: Place, monkeypatch: pytest.MonkeyPatch, empty_warehouse: Path
) -> None:
    place.land("z.jsonl", lines(message("m0")))
    load("web")
    _crash_while_loading_after(place, monkeypatch)
    shutil.copy(empty_warehouse, place.warehouse)
    assert counts(load("web"), "web_events") == (3, 2, 0, 1)


def _crash_while_loading_after(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.land("a.jsonl", lines(message("m1")) + "broken\n")
    with monkeypatch.context() as patch:
        patch.setattr(dlt.Pipeline, "load", _crash)
        with pytest.raises(KeyboardInterrupt):
            load("web")


@pytest.mark.parametrize(
    ("owner", "step"),
    [(LoadStorage, "commit_new_load_package"), (PackageStorage, "delete_package")],
    ids=["before it was whole", "while what it was made of was cleared away"],
)
def test_a_package_that_a_crash_left_half_made_stops_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    place.land("a.jsonl", lines(message("m1")) + "broken\n")
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, _crash)
        with pytest.raises(SourceError):
            load("web")
    place.land("b.jsonl", lines(message("m1"), message("m2")))
    assert counts(load("web"), "web_events") == (4, 2, 1, 1)
    assert load("web").tables == {}


def test_a_file_that_a_crash_left_incomplete_is_removed(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1")))
    load("web")
    working = place.folder / ".dlt_pipelines" / place.warehouse.name / "throughline_web"
    folders = [working, *(one for one in working.rglob("*") if one.is_dir())]
    incomplete = [folder / "29351390debdda91" for folder in folders]
    for file in incomplete:
        file.touch()
    place.land("b.jsonl", lines(message("m2")))
    assert counts(load("web"), "web_events") == (1, 1, 0, 0)
    assert [file for file in incomplete if file.exists()] == []


def test_replacements_that_a_crash_left_extracted_do_not_double_what_they_replace(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.land("a.jsonl", lines(message("m1", timestamp="2026-05-02T00:00:00Z")))
    load("web")
    schemas = place.folder / ".dlt_pipelines" / place.warehouse.name / "throughline_web" / "schemas"
    shutil.copytree(schemas, place.folder / "schemas")
    place.land("b.jsonl", lines(message("m1", timestamp="2026-05-01T00:00:00Z")))
    with monkeypatch.context() as patch:
        patch.setattr(dlt.Pipeline, "normalize", _crash)
        with pytest.raises(KeyboardInterrupt):
            load("web")
    # Where a kill comes between the package and the schema that dlt saves after it.
    shutil.rmtree(schemas)
    shutil.copytree(place.folder / "schemas", schemas)
    assert counts(load("web"), "web_events") == (1, 0, 1, 0)
    assert place.column('SELECT "timestamp"::DATE::VARCHAR FROM raw.web_events') == ["2026-05-01"]


def test_rows_inserted_twice_are_taken_out_though_the_run_that_finished_crashed_too(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _crash_while_loading(place, monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "settle", _crash)
        with pytest.raises(KeyboardInterrupt):
            load("web")
    with duckdb.connect(str(place.warehouse)) as connection:
        connection.execute("INSERT INTO raw.web_events FROM raw.web_events")
    assert counts(load("web"), "web_events") == (2, 1, 0, 1)
    assert place.column("SELECT message_id FROM raw.web_events") == ["m1"]
    assert load("web").tables == {}


def test_what_a_killed_run_left_on_the_bench_is_cleared_and_what_is_in_use_is_not(place: Place) -> None:
    benches = place.folder / ".dlt_pipelines" / place.warehouse.name / "work"
    (benches / "work-killed").mkdir(parents=True)
    (benches / "work-killed" / "spill").write_bytes(b"gigabytes")
    with Workbench(benches, place.warehouse) as bench:
        load("web")
        assert list(benches.iterdir()) == [bench.folder]
    assert list(benches.iterdir()) == []


def test_rows_that_a_crash_inserted_twice_are_taken_out(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1"), message("m2")))
    load("web")
    place.land("b.jsonl", lines(message("m3")))
    load("web")
    [load_id] = place.column("SELECT _dlt_load_id FROM raw.web_events WHERE message_id = 'm3'")
    with duckdb.connect(str(place.warehouse)) as connection:
        connection.execute("INSERT INTO raw.web_events FROM raw.web_events WHERE message_id = 'm3'")
    assert settle(place.warehouse, [load_id])["web_events"].loaded == 1
    assert place.column("SELECT message_id FROM raw.web_events ORDER BY 1") == ["m1", "m2", "m3"]


@pytest.mark.parametrize("broken", [False, True])
def test_a_source_runs_alone(place: Place, broken: bool) -> None:
    place.land("a.jsonl", lines(message("m1")))
    if broken:
        (place.landing() / "b.jsonl").symlink_to(place.folder / "gone")
    done = subprocess.run(
        [sys.executable, "-m", "ingestion", "web"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == int(broken)
    assert ("web: failed" if broken else "web: loaded") in done.stdout
    assert "loaded         1" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_load_imports_neither_dagster_nor_streamlit(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1")))
    code = "import sys; from ingestion.sources import load; print(load('web').status);"
    code += "print(sorted({name.split('.')[0] for name in sys.modules} & {'dagster', 'streamlit'}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert done.stdout.split() == ["loaded", "[]"], done.stderr


def test_a_clock_without_an_offset_is_refused(place: Place, at: Callable[[str], None]) -> None:
    at(NOW.removesuffix("+00:00"))
    with pytest.raises(ValueError, match=r"RUN_AT .* has no offset"):
        load("web")


def test_secrets_stay_out_of_messages() -> None:
    text = without_secrets("postgresql://ann:p%40ss:w@db/store and s3://b?token=abc&x=1 failed")
    assert text == "postgresql://ann:***@db/store and s3://b?token=***&x=1 failed"
