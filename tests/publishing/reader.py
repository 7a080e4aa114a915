"""A reader in a process of its own: queries the published marts repeatedly, and records the results.

    python -m tests.publishing.reader <marts> <stop file>

Each question reads several tables; the answer is whole where all of them are of one version. Prints JSON.
"""

import json
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

QUESTION = """
    select publication.version, publication.row_counts['fct_orders'], orders.count, orders.newest, customers.newest
    from {publication} as publication,
        (select count(*), max(cast(substr(order_id, 2) as bigint)) from {fct_orders}) as orders(count, newest),
        (select max(orders) from {dim_customers}) as customers(newest)
"""
TABLES = ("publication", "fct_orders", "dim_customers")


@dataclass
class Notes:
    """Results of a reader: `questions` by kind of reader, `mixed` results and `errors` in full, versions in order."""

    questions: dict[str, int] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, way: str, question: Callable[[], tuple[str, int, int, int, int]]) -> None:
        """Query once and record the result."""
        self.questions[way] = self.questions.get(way, 0) + 1
        try:
            version, stated, counted, newest_order, newest_customer = question()
        except (duckdb.Error, OSError) as error:
            self.errors.append(f"{way}: {error}")
            return
        if not stated == counted == newest_order == newest_customer:
            self.mixed.append(f"{way}: {version} {stated} {counted} {newest_order} {newest_customer}")
        if self.versions[-1:] != [version]:
            self.versions.append(version)


def main(marts: Path, stop: Path) -> None:
    """Read until the file `stop` is there, and once more."""
    notes = Notes()
    last = False
    while not last:
        last = stop.exists()
        notes.ask("the file", lambda: _ask_file(marts))
        notes.ask("Parquet, the link followed once", lambda: _ask_parquet(marts))
    print(json.dumps(asdict(notes)))


def _ask_file(marts: Path) -> tuple[str, int, int, int, int]:
    with closing(duckdb.connect(marts, read_only=True)) as connection:
        return _answer(connection, {table: table for table in TABLES})


def _ask_parquet(marts: Path) -> tuple[str, int, int, int, int]:
    folder = marts.with_name("marts_parquet").resolve()
    with closing(duckdb.connect()) as connection:
        return _answer(connection, {table: f"'{folder}/{table}.parquet'" for table in TABLES})


def _answer(connection: duckdb.DuckDBPyConnection, tables: dict[str, str]) -> tuple[str, int, int, int, int]:
    [(version, *numbers)] = connection.execute(QUESTION.format(**tables)).fetchall()
    stated, counted, newest_order, newest_customer = (int(number) for number in numbers)
    return str(version), stated, counted, newest_order, newest_customer


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
