"""A simulated retailer whose records are handed over in pieces: lines of files, rows of the store, one support desk."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from simulator.support_api import SupportApi, SupportFiles
from simulator.support_data import SupportData
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import API_EMAIL, API_TOKEN, Place, environment, run_pipeline

NOW = "2026-10-31T00:00:00Z"
FEEDS = ("web", "app", "marketing")
SHARE_REPEATED = 0.1
Item = TypeVar("Item")


@dataclass(frozen=True)
class Retailer:
    """What the simulator wrote."""

    folder: Path

    def deliver(self, place: Place, dbt: DbtProject, models: CompiledModels, pieces: int, seed: int) -> None:
        """Hand everything over in so many pieces, at random, some of it twice, and run the pipeline after each."""
        chance = random.Random(seed)
        with_support = chance.randrange(pieces)
        place.inputs.mkdir(parents=True)
        lines = _dealt(list(self._lines()), pieces, chance)
        rows = _dealt(list(self._rows()), pieces, chance)
        self._make_store(place)
        with SupportApi(SupportData(), email=API_EMAIL, token=API_TOKEN) as desk:
            settings = place.settings(now=NOW, support_url=desk.base_url)
            # Rows come in no order here, so the cursor of the last read means nothing.
            with environment({**settings, "SOURCES__STORE__FULL_READ": "true"}):
                for piece in range(pieces):
                    if piece == with_support:
                        desk.replace(SupportFiles(self.folder / "support"))
                    _land(place, piece, lines[piece])
                    _insert(place, rows[piece])
                    run_pipeline(place, dbt, checked=False, tested=False, published=False, models=models)

    def _lines(self) -> Iterator[tuple[str, str]]:
        """Every line that was landed, with its feed. Files of ad spend are given over whole."""
        for feed in FEEDS:
            for file in sorted((self.folder / "landing" / feed).rglob("*.json*")):
                for line in file.read_bytes().decode(errors="surrogateescape").splitlines():
                    yield feed, line

    def _rows(self) -> Iterator[tuple[str, tuple[object, ...]]]:
        with closing(sqlite3.connect(self.folder / "store.db")) as store:
            tables = [
                name
                for (name,) in store.execute("select name from sqlite_master where type = 'table' order by 1")
            ]
            for table in tables:
                for row in store.execute(f"select * from {table} order by rowid").fetchall():
                    yield table, row

    def _make_store(self, place: Place) -> None:
        """The store's tables without their rows, and the ad spend, which is no part of the play."""
        with closing(sqlite3.connect(self.folder / "store.db")) as store:
            made = [sql for (sql,) in store.execute("select sql from sqlite_master where sql is not null")]
        with closing(sqlite3.connect(place.inputs / "store.db")) as store:
            for sql in made:
                store.execute(sql)
            store.commit()
        spend = self.folder / "landing" / "marketing" / "ad_spend"
        shutil.copytree(spend, place.inputs / "marketing" / "ad_spend")


def _dealt(items: list[Item], pieces: int, chance: random.Random) -> list[list[Item]]:
    """Deal items out at random, in random order; some come in two pieces, or twice in one."""
    dealt: list[list[Item]] = [[] for _ in range(pieces)]
    for item in items:
        dealt[chance.randrange(pieces)].append(item)
        if chance.random() < SHARE_REPEATED:
            dealt[chance.randrange(pieces)].append(item)
    for piece in dealt:
        chance.shuffle(piece)
    return dealt


def _land(place: Place, piece: int, lines: list[tuple[str, str]]) -> None:
    for feed in FEEDS:
        file = place.inputs / feed / f"piece-{piece}.jsonl"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(f"{line}\n" for of, line in lines if of == feed)
        file.write_bytes(text.encode(errors="surrogateescape"))


def _insert(place: Place, rows: list[tuple[str, tuple[object, ...]]]) -> None:
    with closing(sqlite3.connect(place.inputs / "store.db")) as store:
        for table, row in rows:
            marks = ", ".join("?" * len(row))
            store.execute(f"insert or ignore into {table} values ({marks})", row)
        store.commit()
