"""A simulated retailer whose records are delivered day by day."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.end_to_end.workplace import Workplace


@dataclass(frozen=True)
class ByDay:
    """The output of the simulator: its folder ``data``."""

    data: Path

    def deliver(self, place: Workplace, until: str) -> None:
        """Add to a workplace all missing records up to the end of a day."""
        for source in self._landed(until):
            target = place.data / source.relative_to(self.data)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                shutil.copy2(source, target)
        self._sell(place.data / "store.db", until)
        self._write_to_support(place.data / "support", until)

    def _landed(self, until: str) -> Iterator[Path]:
        """Every file of a day, and of ad spend of a month, that is over by then."""
        for file in sorted((self.data / "landing").rglob("*.*")):
            day = f"{file.stem}-31" if file.parent.name == "ad_spend" else file.parent.name
            if file.is_file() and day <= until:
                yield file

    def _sell(self, store: Path, until: str) -> None:
        with closing(sqlite3.connect(store)) as database:
            database.execute("attach ? as written", [str(self.data / "store.db")])
            tables = database.execute("select name, sql from written.sqlite_master where type = 'table'")
            for table, made in tables.fetchall():
                database.execute(made.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
                database.execute(
                    f"insert or ignore into main.{table}"
                    f" select * from written.{table} where substr(updated_at, 1, 10) <= ?",
                    [until],
                )
            database.commit()

    def _write_to_support(self, folder: Path, until: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in (self.data / "support").glob("*.jsonl"):
            lines = file.read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if _day_of(line) <= until]
            (folder / file.name).write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")


def _day_of(line: str) -> str:
    record = json.loads(line)
    return str(record.get("updated_at") or record["created_at"])[:10]
