"""The sentiment models' own code, from the text to the emotion: the Python model, then the SQL one, on DuckDB."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import duckdb

from tests.dbt.rendering import Engine

MODELS = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/touchpoints"
RULES = Path(__file__).resolve().parents[2] / "dbt_project/seeds/emotion_rules.csv"
_spec = importlib.util.spec_from_file_location("texts", MODELS / "int_touchpoints__texts.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


class Reading(NamedTuple):
    """The result for a text."""

    language: str | None
    sentiment: float | None
    sentiment_label: str | None
    emotion: str | None


def readings_of(texts: Sequence[str]) -> dict[str, Reading]:
    """Return what `int_touchpoints__sentiment` reads in each distinct text."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_touchpoints__classified as select unnest(?) as message_text", [list(texts)]
        )
        connection.execute(f"create table emotion_rules as from read_csv('{RULES}')")
        dbt = SimpleNamespace(config=lambda **_: None, ref=connection.table)
        scored = _module.model(dbt, connection)
        connection.register("int_touchpoints__texts", scored)
        engine = Engine("duckdb", SimpleNamespace(), quote=lambda name: f'"{name}"')
        model = engine.render(MODELS / "int_touchpoints__sentiment.sql")
        rows = connection.execute(
            f"select message_text, language, sentiment, sentiment_label, emotion from ({model})"
        ).fetchall()
    return {text: Reading(*reading) for text, *reading in rows}


def labels_of(texts: Sequence[str]) -> dict[str, str | None]:
    """Return the sentiment label of each distinct text."""
    return {text: reading.sentiment_label for text, reading in readings_of(texts).items()}
