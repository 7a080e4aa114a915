"""Holds back the part of a simulation that arrives after an instant."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from simulator.plan import to_the_second
from simulator.store_tables import STORE_TABLES

HELD_BACK = ".held_back"
STORE = "store.db"


@contextmanager
def held_back(out: Path, until: datetime) -> Iterator[None]:
    """Keep in the inputs under ``out`` only what arrived by ``until``, and restore the rest at the end.

    Files of unfinished days and months are held back whole. The store must be SQLite.
    """
    put_back(out)
    _hold_back_files(out, f"{until:%Y-%m-%d}")
    _hold_back_support(out, to_the_second(until))
    _hold_back_rows(out, to_the_second(until))
    try:
        yield
    finally:
        put_back(out)


def put_back(out: Path) -> None:
    """Restore what was held back, also by a killed process."""
    place = out / HELD_BACK
    for path in sorted(path for path in place.rglob("*") if path.is_file()):
        _move(path, out / path.relative_to(place))
    shutil.rmtree(place, ignore_errors=True)


def _hold_back_files(out: Path, day: str) -> None:
    for path in sorted(path for path in (out / "landing").rglob("*") if path.is_file()):
        inside = path.relative_to(out)
        arrived = inside.parts[2]
        if not (arrived[:2].isdigit() and arrived < day):
            _move(path, out / HELD_BACK / inside)


def _hold_back_support(out: Path, until: str) -> None:
    for path in sorted((out / "support").glob("*.jsonl")):
        whole = out / HELD_BACK / path.relative_to(out)
        _move(path, whole)
        with whole.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as arrived:
            arrived.writelines(line for line in lines if _changed_at(line) < until)


def _hold_back_rows(out: Path, until: str) -> None:
    whole = out / HELD_BACK / STORE
    _move(out / STORE, whole)
    shutil.copy2(whole, out / STORE)
    with closing(sqlite3.connect(out / STORE)) as store:
        for table in STORE_TABLES:
            store.execute(f"delete from {table} where updated_at >= ?", [until])
        store.commit()


def _changed_at(line: str) -> str:
    record = json.loads(line)
    return str(record.get("updated_at") or record["created_at"])


def _move(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
