"""A run makes anew the customers of whom something is told otherwise: all of those, and no others."""

import shutil
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from stewardship.verify import compare
from tests.deliveries.retailer import NOW
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.pipeline_run.run import Place, environment

UNTIL_TOUCHPOINTS = "+int_touchpoints__unioned"
_TWO_STRANGERS = """
    select min(customer_id), max(customer_id), arg_min(node, customer_id), arg_max(node, customer_id)
    from intermediate.int_identity__people where node like 'member_id:%'
"""


class Warehouse:
    """A built warehouse that a test may change, and build again."""

    def __init__(self, built: Path, folder: Path, dbt: DbtProject) -> None:
        folder.mkdir()
        self.file = folder / built.name
        self._dbt = dbt
        shutil.copyfile(built, self.file)

    def run(self, select: str | None = None, *, full_refresh: bool = False, project: str = "") -> None:
        """Build what is selected, without tests."""
        with environment({"WAREHOUSE_PATH": str(self.file), "RUN_AT": NOW, "PROJECT_DIGEST": project}):
            self._dbt.build(
                select,
                exclude=None if select else "resource_type:seed",
                tests=False,
                full_refresh=full_refresh,
            )

    def ask(self, sql: str) -> list[tuple[str, ...]]:
        """Run one statement."""
        with duckdb.connect(str(self.file)) as connection:
            return connection.execute(sql).fetchall()

    def dirty(self) -> Counter[str]:
        """Count the dirty customers of the last run by what changed."""
        return Counter(
            str(changed) for (changed,) in self.ask("select changed from intermediate.int_dirty_customers")
        )

    def customers(self) -> set[str]:
        """Return the ids of all customers."""
        return {row[0] for row in self.ask("select distinct customer_id from marts.fct_touchpoints")}


@pytest.fixture
def warehouse(in_one_go: Place, dbt: DbtProject, tmp_path: Path) -> Warehouse:
    return Warehouse(in_one_go.warehouse, tmp_path / "warehouse", dbt)


def test_what_a_run_that_was_cut_short_had_begun_is_made_good(
    warehouse: Warehouse, dbt: DbtProject, tmp_path: Path
) -> None:
    warehouse.ask("update raw.store_transactions set total = total + 1")
    warehouse.run(UNTIL_TOUCHPOINTS)
    assert set(warehouse.dirty()) == {"records"}
    warehouse.ask("update raw.store_transactions set total = total - 1")
    ((one, other, left, right),) = warehouse.ask(_TWO_STRANGERS)
    values = ", ".join(f"'member_id', '{node.partition(':')[2]}'" for node in (left, right))
    warehouse.ask(
        "insert into seeds.identity_decisions"
        f" select {values}, 'same_person', 'tests', timestamp '{NOW[:10]}', 'they are'"
    )

    warehouse.run()

    changed = warehouse.ask("select customer_id, changed from intermediate.int_dirty_customers")
    assert {one, other} <= {customer for customer, _ in changed}
    assert {"identity", "unfinished run"} <= {reason for _, reason in changed}
    assert len(changed) < len(warehouse.customers())
    refreshed = Warehouse(warehouse.file, tmp_path / "refreshed", dbt)
    refreshed.run(full_refresh=True)
    assert set(refreshed.dirty()) == {"full refresh"}
    assert compare(warehouse.file, refreshed.file).differences == ()


def test_another_project_makes_everything_anew(warehouse: Warehouse) -> None:
    warehouse.run("int_dirty_customers")
    assert warehouse.dirty() == {}
    warehouse.run("int_dirty_customers", project="other macros")
    assert set(warehouse.dirty()) == {"full refresh"}
    # That run was cut short: the first project finds what is half the other's.
    warehouse.run("int_dirty_customers")
    assert set(warehouse.dirty()) == {"full refresh"}
