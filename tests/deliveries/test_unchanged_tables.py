"""A table is written again where something that it is made from has changed, and only there."""

import pytest

from tests.deliveries.warehouse import Warehouse

# It says what this run has to make anew, and so it is written in each.
OF_EACH_RUN = {"int_dirty_customers"}


def test_what_changes_no_row_goes_no_further(warehouse: Warehouse) -> None:
    warehouse.ask("update raw.store_products set _dlt_load_id = 'loaded again'")
    assert warehouse.run() == {"stg_store__products"} | OF_EACH_RUN


def test_what_reads_a_changed_row_is_written(warehouse: Warehouse) -> None:
    warehouse.ask("update raw.store_products set name = name || ' (new)'")
    written = warehouse.run()
    assert {"stg_store__products", "dim_products", "mart_customer_timeline"} <= written
    assert not {"stg_web__events", "int_identity__links", "fct_support_cases"} & written


def test_a_table_that_is_gone_is_made_again(warehouse: Warehouse) -> None:
    selected = "stg_store__products dim_products"
    assert warehouse.run(selected) == set()
    warehouse.ask("drop table marts.dim_products")
    assert warehouse.run(selected) == {"dim_products"}


def test_what_a_killed_run_was_building_beside_a_table_goes(warehouse: Warehouse) -> None:
    warehouse.ask("create table intermediate.int_identity__probabilistic_pairs__dbt_tmp as select 1 as one")
    assert warehouse.run("int_identity__probabilistic_pairs") == set()
    assert warehouse.ask("select table_name from duckdb_tables() where table_name like '%dbt_tmp'") == []


def test_a_test_is_run_again_where_its_table_has_changed(warehouse: Warehouse) -> None:
    warehouse.run("stg_store__products", tests=True)
    warehouse.ask("insert into staging.stg_store__products from staging.stg_store__products")
    # By hand, past all that remembers: the test need not be run to know.
    warehouse.run("stg_store__products", tests=True)
    warehouse.ask("insert into raw.store_products from raw.store_products")
    with pytest.raises(RuntimeError, match="unique"):
        warehouse.run("stg_store__products", tests=True)
    # What has failed is not taken for passed.
    with pytest.raises(RuntimeError, match="unique"):
        warehouse.run("stg_store__products", tests=True)
