"""The places of deleted rows are left as they are until the first run of a day closes them up."""

from datetime import datetime, timedelta

import pytest

from tests.deliveries.retailer import NOW
from tests.deliveries.warehouse import Warehouse

TABLE = "marts.fct_touchpoints"
TOMORROW = (datetime.fromisoformat(NOW) + timedelta(days=1)).isoformat()


@pytest.mark.slow
def test_a_day_s_first_run_closes_up_what_its_others_leave(warehouse: Warehouse) -> None:
    assert _places(warehouse) == _rows(warehouse)
    _take_out_a_message(warehouse)
    warehouse.run()
    assert _places(warehouse) > _rows(warehouse)

    _take_out_a_message(warehouse)
    warehouse.run(run_at=TOMORROW)
    assert _places(warehouse) == _rows(warehouse)


def _take_out_a_message(warehouse: Warehouse) -> None:
    warehouse.ask(
        "delete from raw.web_events where message_id = (select min(message_id) from raw.web_events)"
    )


def _rows(warehouse: Warehouse) -> int:
    return int(warehouse.ask(f"select count(*) from {TABLE}")[0][0])


def _places(warehouse: Warehouse) -> int:
    told = warehouse.ask(
        f"select sum(count) from pragma_storage_info('{TABLE}') where column_id = 0 and segment_type <> 'VALIDITY'"
    )
    return int(told[0][0])
