"""A run makes anew the customers of whom something is told otherwise: all of those, and no others."""

from pathlib import Path

import pytest

from stewardship.verify import compare
from tests.deliveries.retailer import NOW
from tests.deliveries.warehouse import Warehouse
from tests.pipeline_run.dbt_in_process import DbtProject

UNTIL_TOUCHPOINTS = "+int_touchpoints__unioned"
_TWO_STRANGERS = """
    select min(customer_id), max(customer_id), arg_min(node, customer_id), arg_max(node, customer_id)
    from intermediate.int_identity__people where node like 'member_id:%'
"""


# A run is killed half-way in the written history of `test_any_history.py`, which runs with every change.
@pytest.mark.slow
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


def test_what_a_run_of_some_models_built_is_looked_at_again(warehouse: Warehouse) -> None:
    timeline = "marts.mart_customer_timeline as told"
    renamed = (
        f"select cast(count(*) > 0 as varchar) from {timeline} where cast(told as varchar) like '%(renamed)%'"
    )
    warehouse.run("int_dirty_customers")
    assert warehouse.dirty() == {}
    warehouse.ask("update raw.store_products set name = name || ' (renamed)'")
    # It makes nobody anew: that somebody is dirty is not looked at.
    warehouse.run("stg_store__products dim_products mart_customer_timeline")
    assert warehouse.ask(renamed) == [("false",)]
    warehouse.run()
    assert warehouse.ask(renamed) == [("true",)]


def test_whose_a_membership_is_makes_anew_who_had_it_and_who_has_it(warehouse: Warehouse) -> None:
    record_customers = "intermediate.int_identity__record_customers"
    whose = f"select customer_id from {record_customers} where record_key = 'store:members:' || "
    ((member,),) = warehouse.ask("select max(member_id) from raw.store_members where email is not null")
    ((other,),) = warehouse.ask(f"select min(email) from raw.store_members where member_id <> '{member}'")
    ((had,),) = warehouse.ask(f"{whose}'{member}'")
    warehouse.ask(
        f"update raw.store_members set email = '{other}', phone = null where member_id = '{member}'"
    )
    warehouse.run("+int_dirty_customers")
    ((has,),) = warehouse.ask(f"{whose}'{member}'")
    dirty = {
        customer for (customer,) in warehouse.ask("select customer_id from intermediate.int_dirty_customers")
    }
    assert {had, has} <= dirty


def test_another_project_makes_everything_anew(warehouse: Warehouse) -> None:
    warehouse.run("int_dirty_customers")
    assert warehouse.dirty() == {}
    warehouse.run("int_dirty_customers", project="other macros")
    assert set(warehouse.dirty()) == {"full refresh"}
    # That run was cut short: the first project finds what is half the other's.
    warehouse.run("int_dirty_customers")
    assert set(warehouse.dirty()) == {"full refresh"}


def test_models_of_another_project_are_not_taken_for_this_one_s_where_only_those_after_them_are_built(
    warehouse: Warehouse,
) -> None:
    # Written as the seed has values: normalised.
    email = "(select min(email) from raw.store_members where email = lower(trim(email)))"
    reason = (
        "select distinct coalesce(unusable_reason, 'usable') from intermediate.int_identity__values"
        f" where raw_value = {email}"
    )
    warehouse.ask(f"insert into seeds.identity_blocked_values select 'any', {email}, false, 'a test'")
    warehouse.run("int_dirty_customers+", project="another seed")
    assert warehouse.ask(reason) == [("usable",)]
    warehouse.run("int_identity__values", project="another seed")
    assert warehouse.ask(reason) == [("a test",)]


def test_a_seed_that_is_loaded_with_other_rows_makes_everything_anew(warehouse: Warehouse) -> None:
    """Its file may have been the same before the last build, and loaded only after it: no digest tells."""
    warehouse.ask("update seeds.touchpoint_types set is_touchpoint = false where event = 'Product Viewed'")
    warehouse.run("touchpoint_types int_dirty_customers")
    assert set(warehouse.dirty()) == {"full refresh"}
