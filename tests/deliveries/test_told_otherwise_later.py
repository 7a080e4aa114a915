"""Records of an earlier delivery of which a later one tells otherwise, where only new loads are built."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from stewardship.verify import compare
from tests.identity.people import IdentityWarehouse
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import environment

NOW = datetime(2026, 6, 1, tzinfo=UTC)
AT = "2026-05-01T10:00:00Z"
EVERYTHING = "fqn:*"
EVENT = {"type": "track", "timestamp": AT, "received_at": AT, "loaded_at": AT, "record_hash": "h"}
REFERRALS = "select touchpoint_id from intermediate.int_touchpoints__unioned where touchpoint_type = 'referral_arrival'"
ROW = {"updated_at": AT, "loaded_at": AT, "record_hash": "h"}


def message(message_id: str, load: str, **told: Any) -> dict[str, Any]:
    """Make a row of the raw web feed; what is no text becomes JSON."""
    told = {name: value if isinstance(value, str) else json.dumps(value) for name, value in told.items()}
    return {**EVENT, "message_id": message_id, "_dlt_load_id": load, **told}


def visit(message_id: str, load: str, url: str, referrer: str) -> dict[str, Any]:
    """Make a page call of a visitor of its own."""
    context = {"page": {"url": url, "referrer": referrer}}
    return message(message_id, load, type="page", anonymous_id=f"visitor-{message_id}", context=context)


def insert(warehouse: Path, **rows_by_table: list[dict[str, Any]]) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        for table, rows in rows_by_table.items():
            for row in rows:
                marks = ", ".join("?" for _ in row)
                connection.execute(
                    f"insert into raw.{table} ({', '.join(row)}) values ({marks})", list(row.values())
                )


def change(warehouse: Path, *statements: str) -> None:
    with duckdb.connect(str(warehouse)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.slow
def test_all_models_tell_what_a_full_refresh_would(dbt: DbtProject, tmp_path: Path) -> None:
    warehouse = IdentityWarehouse(tmp_path / "warehouse.duckdb", dbt)
    insert(
        warehouse.path,
        web_events=[
            message("twice", "1", type="identify", user_id="late", traits={"email": "late@shop.test"}),
            message(
                "kiosk", "1", event="Product Viewed", properties={"location_id": "LON", "product_id": "p1"}
            ),
            message("order", "1", event="Order Viewed", user_id="u1", properties={"order_id": "1002"}),
            visit("sent", "1", "https://shop.example/", "https://outlet.example/"),
        ],
        store_members=[{**ROW, "member_id": "M1", "email": "Old@shop.test", "enrolled_at": AT}],
        store_transactions=[{**ROW, "transaction_id": "1", "kind": "sale", "occurred_at": AT}],
    )
    warehouse.run(NOW, select=EVERYTHING)
    assert warehouse.query(REFERRALS) == [("web:sent:arrival",)]

    change(
        warehouse.path,
        "delete from raw.web_events where message_id = 'twice'",
        "update raw.store_members set email = 'New@shop.test'",
    )
    insert(
        warehouse.path,
        web_events=[
            message("twice", "2", type="identify", user_id="early", traits={"email": "early@shop.test"}),
            message("new", "2", event="Product Viewed", user_id="u1", properties={"product_id": "p2"}),
            # The site that sent a visitor earlier turns out to be one of ours.
            visit("outlet", "2", "https://www.outlet.example/", ""),
        ],
        store_locations=[{**ROW, "location_id": "LON", "kind": "kiosk", "timezone": "Europe/London"}],
        store_transactions=[
            {**ROW, "transaction_id": "1002", "order_id": "W2", "kind": "return", "occurred_at": AT}
        ],
    )
    warehouse.run(NOW, select=EVERYTHING)

    assert warehouse.query(
        "select record_id, user_id, load_id from staging.stg_web__events order by record_id"
    ) == [
        ("kiosk", None, "1"),
        ("new", "u1", "2"),
        ("order", "u1", "1"),
        ("outlet", None, "2"),
        ("sent", None, "1"),
        ("twice", "early", "2"),
    ]
    assert warehouse.query(REFERRALS) == []
    assert warehouse.query(
        "select timezone from intermediate.int_records__unioned where record_key = 'web:kiosk'"
    ) == [("Europe/London",)]
    assert warehouse.query(
        "select key_value from intermediate.int_records__keys where record_key = 'web:order'"
    ) == [("W2",)]
    assert warehouse.query("select raw_value from intermediate.int_identity__emails order by 1") == [
        ("New@shop.test",),
        ("early@shop.test",),
    ]
    refreshed = tmp_path / "refreshed" / "warehouse.duckdb"
    refreshed.parent.mkdir()
    shutil.copyfile(warehouse.path, refreshed)
    with environment({"WAREHOUSE_PATH": str(refreshed), "RUN_AT": NOW.isoformat()}):
        dbt.build(tests=False, full_refresh=True)
    assert compare(warehouse.path, refreshed).differences == ()

    # What no delivery speaks of is not made again.
    change(warehouse.path, "update staging.stg_web__events set locale = 'kept' where record_id = 'order'")
    kept = "select record_id from staging.stg_web__events where locale = 'kept'"
    insert(warehouse.path, web_events=[message("third", "3", event="Product Viewed", user_id="u1")])
    warehouse.run(NOW, select=EVERYTHING)
    assert warehouse.query(kept) == [("order",)]

    # A run of some models only remembers no loads: the next run that has to write makes all anew.
    warehouse.run(NOW, select="int_records__loads")
    assert warehouse.query("select * from intermediate.int_records__loads") == []
    insert(warehouse.path, web_events=[message("fourth", "4", event="Product Viewed", user_id="u1")])
    warehouse.run(NOW, select=EVERYTHING)
    assert warehouse.query(kept) == []
    assert warehouse.query("select load_id, messages from intermediate.int_records__loads order by 1") == [
        ("1", 3),
        ("2", 3),
        ("3", 1),
        ("4", 1),
    ]
