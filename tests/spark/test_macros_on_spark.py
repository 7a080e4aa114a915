"""The portability macros give the same results on Spark and DuckDB."""

import os
import pickle
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.dbt.rendering import Engine
from tests.dbt.test_portability_macros import ANSWERS, DBT_MACROS
from tests.dbt.test_spark_sql import spark
from tests.laws.repository import ROOT
from tests.spark.environment import FEW_ROWS, PYTHON, needs_spark

pytestmark = needs_spark


@dataclass(frozen=True)
class Field:
    """The field `a` of a JSON object, which keeps its JSON type."""

    json: str

    def of(self, engine: Engine) -> str:
        """Return the field in the engine's SQL."""
        fields = engine.call("json_fields", f"'{self.json}'", {"a": "json"})
        return f"({fields}).a"


AMOUNTS = (
    "1.234", '"1.234"', '"12.50"', "-5", "1e3", "true", "null", '{"amount":5}', '" 0,5 "', '""', "0.00001",
    "12345678901234567890",
)  # fmt: skip
# Values that the two engines' own functions read differently. docs/scale.md names those that still differ.
ON_BOTH: list[tuple[str, tuple[Any, ...]]] = [
    *((macro, arguments) for macro, arguments, _ in ANSWERS),
    *(
        ("text_to_utc", (f"'{text}'",))
        for text in (
            "now", "today", "2026", "2026-05", "2026-05-01", "2026-5-1", "10:00", "T10:00", "2026-05-01 10:00",
            "2026-05-01T10:00:00Z", "2026-05-01T10:00:00.123456789Z", "2026-05-01T10:00:00+0530", "2026-02-30",
            " 2026-05-01T10:00:00Z ", "20260501", "1777629600",
        )
    ),
    *(
        ("text_to_date", (f"'{text}'",))
        for text in ("2026", "2026-05", "2026-05-01", "2026-5-1", "2026-05-01T10:00:00Z", "today", "1/5/2026")
    ),
    ("local_timestamp", ("timestamp '2026-10-25 01:30:00'", "'Europe/Berlin'")),
    ("url_decode", ("'a%20b+c%C3%A9'",)),
    ("url_decode", ("'100%'",)),
    ("url_decode", ("'%FF%FE'",)),
    ("without_accents", ("'Jos\u00e9 \u0141\u00f3d\u017a \u00c5ngstr\u00f6m'",)),
    ("without_accents", ("'Jose\u0301'",)),
    *(
        ("composed_text", (text,))
        for text in ("' \u00e9\u200b '", "' rene\u0301\u200b '", "'\u1100\u1161 \u212b'", "'Z\u00fcrich'", "null")
    ),
    ("regexp_extract", ("'ticket_ids\": [1, 2]'", "'([0-9]+), ([0-9]+)'", 2)),
    ("seconds_between", ("timestamp '2026-01-01 00:00:00.000001'", "timestamp '2026-01-03 00:00:00'")),
    ("try_cast", ("'99999999999999999999'", "decimal(18, 4)")),
    ("try_cast", ("'1e3'", "decimal(18, 4)")),
    ("try_cast", ("'12 '", "int")),
    ("try_cast", ("'yes'", "boolean")),
    ("parse_number", ("'0.00001'",)),
    ("parse_number", ("'12345678901234567890'",)),
    ("hash_text", (["'a'", "null", "'\u00df'"],)),
    ("iso_weekday", ("date '2026-11-29'",)),
    *(
        (macro, (Field(f'{{"a": {amount}}}'),))
        for macro in ("parse_amount", "parse_quantity", "amount_text")
        for amount in AMOUNTS
    ),
]  # fmt: skip


def question(engine: Engine, macro: str, arguments: tuple[Any, ...]) -> str:
    """Return the query that calls a macro."""
    of_engine = [each.of(engine) if isinstance(each, Field) else each for each in arguments]
    return f"select {engine.call(macro, *of_engine)}"


@pytest.fixture(scope="module")
def of_spark(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder, engine = tmp_path_factory.mktemp("spark"), spark()
    queries = [
        question(engine, macro, arguments).replace("as varchar)", "as string)")
        for macro, arguments in ON_BOTH
    ]
    subprocess.run(
        [PYTHON, "-m", "tests.spark.ask", folder / "answers"],
        cwd=ROOT,
        env={
            **os.environ,
            **FEW_ROWS,
            "SPARK_MASTER": "local[1]",
            "SPARK_FOLDER": str(folder),
            "SPARK_MEMORY": "1g",
        },
        input=pickle.dumps(queries),
        check=True,
        timeout=600,
    )
    return list(pickle.loads(Path(folder / "answers").read_bytes()))


@pytest.fixture(scope="module")
def on_duckdb() -> Engine:
    return Engine("duckdb", DBT_MACROS, quote=lambda name: f'"{name}"')


@pytest.mark.parametrize(
    "number", range(len(ON_BOTH)), ids=[f"{macro}{arguments}" for macro, arguments in ON_BOTH]
)
def test_both_engines_answer_the_same(number: int, of_spark: list[Any], on_duckdb: Engine) -> None:
    macro, arguments = ON_BOTH[number]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        row = connection.execute(question(on_duckdb, macro, arguments)).fetchone()
    assert row is not None
    assert of_spark[number] == row[0]
