"""Products bought together, where one message tells of an order of thousands of products."""

from types import SimpleNamespace

import duckdb

from tests.dbt.rendering import PROJECT, Engine

MODELS = PROJECT / "models" / "intermediate" / "recommendations"
PURCHASES = """
create table int_recommendations__purchases as
select 'robot' as customer_id, 'made up ' || number as product_id from range(3000) as numbers(number)
union all
select 'c' || number, unnest(['a', 'b']) from range(3) as numbers(number)
"""


def test_an_order_of_thousands_of_products_makes_no_millions_of_pairs() -> None:
    engine = Engine("duckdb", SimpleNamespace(), quote=lambda name: f'"{name}"')
    with duckdb.connect(config={"memory_limit": "60MB", "temp_directory": ""}) as connection:
        connection.execute(PURCHASES)
        for name in ("product_buyers", "product_pairs"):
            model = f"int_recommendations__{name}"
            connection.execute(f"create table {model} as {engine.render(MODELS / f'{model}.sql')}")
        pairs = "select product_id, other_product_id, buyers_of_both from int_recommendations__product_pairs"
        assert connection.execute(f"{pairs} order by all").fetchall() == [("a", "b", 3), ("b", "a", 3)]
