"""The sentiment models' own code, from the text to the label: the Python model, then the SQL one, on DuckDB."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import duckdb

from tests.dbt.rendering import Engine

MODELS = Path(__file__).resolve().parents[2] / "dbt_project/models/intermediate/touchpoints"
RULES = Path(__file__).resolve().parents[2] / "dbt_project/seeds/emotion_rules.csv"
_spec = importlib.util.spec_from_file_location("texts", MODELS / "int_touchpoints__texts.py")
assert _spec is not None
assert _spec.loader is not None
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)


def labels_of(texts: Sequence[str]) -> dict[str, str]:
    """Return the sentiment label of each distinct text, as `int_touchpoints__sentiment` has it."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_touchpoints__classified as select unnest(?) as message_text", [list(texts)]
        )
        dbt = SimpleNamespace(config=lambda **_: None, ref=connection.table)
        scored = _module.model(dbt, connection)
        connection.register("int_touchpoints__texts", scored)
        connection.execute(f"create table emotion_rules as from read_csv('{RULES}')")
        engine = Engine("duckdb", SimpleNamespace(), quote=lambda name: f'"{name}"')
        sentiment = engine.render(MODELS / "int_touchpoints__sentiment.sql")
        return dict(connection.execute(f"select message_text, sentiment_label from ({sentiment})").fetchall())
