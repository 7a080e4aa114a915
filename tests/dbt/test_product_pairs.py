"""Products bought together: bounded work for each customer, and the same scores as a library."""

import math
from types import SimpleNamespace

import duckdb
from scipy.stats import chi2_contingency

from tests.dbt.rendering import PROJECT, Engine

MODELS = PROJECT / "models" / "intermediate" / "recommendations"
PURCHASES = """
create table int_commerce__product_purchases as
select 'robot' as customer_id, 'rare ' || number as product_id, 1 + number as recency_rank
from range(3000) as numbers(number)
union all
select 'c' || number, unnest(['a', 'b']), 1 from range(3) as numbers(number)
"""


def test_an_order_of_thousands_of_products_makes_no_millions_of_pairs() -> None:
    engine = Engine("duckdb", SimpleNamespace(), quote=lambda name: f'"{name}"')
    with duckdb.connect(config={"memory_limit": "60MB", "temp_directory": ""}) as connection:
        connection.execute(PURCHASES)
        model = "int_recommendations__product_pairs"
        connection.execute(f"create table {model} as {engine.render(MODELS / f'{model}.sql')}")
        pairs = "select product_id, other_product_id, buyers_of_both from int_recommendations__product_pairs"
        assert connection.execute(f"{pairs} order by all").fetchall() == [("a", "b", 3), ("b", "a", 3)]


def test_the_score_is_the_likelihood_ratio_that_scipy_computes() -> None:
    engine = Engine("duckdb", SimpleNamespace(), quote=lambda name: f'"{name}"')
    statement = engine.call("log_likelihood_ratio", "n_both", "n_one", "n_other", "n")
    tables = [(3, 4, 5, 20), (1, 1, 1, 2), (10, 10, 12, 400), (2, 30, 40, 90)]
    with duckdb.connect() as connection:
        for both, one, other, total in tables:
            values = f"(select {both}::double n_both, {one}::double n_one, {other}::double n_other, {total}::double n)"
            [(score,)] = connection.execute(f"select {statement} from {values}").fetchall()
            counts = [[both, one - both], [other - both, total - one - other + both]]
            oracle = chi2_contingency(counts, correction=False, lambda_="log-likelihood").statistic
            assert math.isclose(score, oracle, abs_tol=1e-9), f"{counts}: {score}, not {oracle}"
