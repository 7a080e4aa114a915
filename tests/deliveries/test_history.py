"""Each happening of a history changes something; otherwise it would prove nothing."""

import shutil
from pathlib import Path

import duckdb

from publishing.plan import fingerprint
from tests.deliveries.history import BEGIN, HAPPENINGS, KEYS
from tests.deliveries.moment import Moment
from tests.identity.people import DECISIONS
from tests.pipeline_run.run import Place

CHANGED = (*(f"raw.{table}" for table in KEYS), "seeds.exchange_rates", "seeds.touchpoint_types", DECISIONS)


def test_each_happening_changes_something(in_one_go: Place, tmp_path: Path) -> None:
    happened = {}
    warehouse = shutil.copy(in_one_go.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute(f"attach '{in_one_go.warehouse}' as whole (read_only)")
        for table in KEYS:
            connection.execute(f"delete from raw.{table} where hash({', '.join(KEYS[table])}) % 2 = 0")
        before = _contents(connection)
        for number, (name, happens) in enumerate(HAPPENINGS.items()):
            # More than a dozen's: what happens to one in forty may happen to none of a few.
            happens(Moment(connection, f"load {number}", BEGIN, seed=number, dozens=10))
            after = _contents(connection)
            happened[name] = sorted(table for table, content in after.items() if content != before[table])
            before = after
    assert [name for name, tables in happened.items() if not tables] == []
    assert {"raw.store_transaction_lines", "raw.web_events"} <= {*happened["products are listed twice"]}


def _contents(connection: duckdb.DuckDBPyConnection) -> dict[str, object]:
    return {table: fingerprint(connection, table) for table in CHANGED}
