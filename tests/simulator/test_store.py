"""The store database has the tables and columns of the raw contract, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from simulator.plan import Plan
from simulator.store_database import StoreTakenError
from simulator.store_tables import METADATA
from simulator.write import write
from tests.postgres import temporary_postgres
from tests.simulator.landed import Simulated

CONTRACT = {
    "locations": "location_id name kind banner timezone country updated_at",
    "products": "product_id name category banner list_price currency stock_quantity updated_at deleted_at",
    "members": (
        "member_id loyalty_id first_name last_name email phone birth_date postcode tier enrolled_at"
        " consent_email consent_sms updated_at deleted_at"
    ),
    "transactions": (
        "transaction_id location_id register_id member_id customer_email customer_phone payment_token "
        "order_id kind currency subtotal discount tax total occurred_at updated_at"
    ),
    "transaction_lines": (
        "transaction_id line_number product_id quantity unit_price discount returned_transaction_id"
        " updated_at"
    ),
    "loyalty_ledger": (
        "entry_id member_id kind points amount currency channel transaction_id order_id"
        " occurred_at updated_at"
    ),
    "store_visits": (
        "visit_id location_id member_id email phone device_id kind context_key context_id event"
        " employee_id notes occurred_at updated_at"
    ),
}


def test_the_tables_have_the_columns_of_the_contract(simulated: Simulated) -> None:
    engine = create_engine(f"sqlite:///{simulated.out / 'store.db'}")
    found = {
        table: " ".join(str(column["name"]) for column in inspect(engine).get_columns(table))
        for table in inspect(engine).get_table_names()
    }
    engine.dispose()
    assert found == CONTRACT


def test_instants_in_sqlite_carry_an_offset(simulated: Simulated) -> None:
    (wrong,) = simulated.store(
        "select count(*) from transactions where occurred_at not like '____-__-__T__:__:__Z'"
    )
    assert wrong == (0,)


def test_totals_add_up(simulated: Simulated) -> None:
    wrong = simulated.store(
        "select transaction_id from transactions where abs(subtotal - discount + tax - total) > 0.001"
    )
    assert wrong == []
    wrong = simulated.store(
        "select t.transaction_id from transactions t join transaction_lines l using (transaction_id)"
        " where t.kind = 'sale' group by 1"
        " having abs(sum(l.quantity * l.unit_price) - max(t.subtotal)) > 0.001"
    )
    assert wrong == []


def test_only_entries_booked_twice_and_returned_goods_bring_points_below_zero(simulated: Simulated) -> None:
    balances = simulated.store(
        "select member_id, sum(points) over (partition by member_id order by occurred_at, entry_id)"
        " from loyalty_ledger"
    )
    excused = simulated.store(
        "select member_id from loyalty_ledger where kind = 'redeem'"
        " group by member_id, occurred_at having count(*) > 1"
        " union select member_id from loyalty_ledger where kind = 'reverse'"
    )
    below_zero = {member for member, balance in balances if balance < 0}
    assert len(below_zero) > 0
    assert below_zero <= {member for (member,) in excused}


def test_a_pick_up_and_a_return_name_their_online_order(simulated: Simulated) -> None:
    online = {order["order_id"] for order in simulated.truth("orders") if order["channel_sold"] != "store"}
    picked_up = {row[0] for row in simulated.store("select order_id from transactions where kind = 'pickup'")}
    assert picked_up
    assert picked_up <= online
    assert simulated.store("select 1 from transactions where kind = 'return' and order_id is not null")
    assert simulated.store("select 1 from transaction_lines where returned_transaction_id is not null")


def test_what_comes_back_is_given_back_for_what_was_paid(simulated: Simulated) -> None:
    returns = simulated.store(
        "select sold.discount > 0, sold.quantity * sold.unit_price - sold.discount, -back.total + back.tax"
        " from transactions back join transaction_lines line using (transaction_id)"
        " join transaction_lines sold on sold.transaction_id = line.returned_transaction_id"
        " and sold.product_id = line.product_id"
        " where back.kind = 'return'"
    )
    assert {bool(discounted) for discounted, *_ in returns} == {False, True}
    assert [paid for _, paid, _ in returns] == pytest.approx([given for *_, given in returns])


def test_postgresql_gets_the_same_rows_as_sqlite(tmp_path: Path) -> None:
    with temporary_postgres() as url:
        write(Plan(60), tmp_path / "sqlite")
        write(Plan(60), tmp_path / "postgres", url)
        write(Plan(60), tmp_path / "postgres", url)
        sqlite = create_engine(f"sqlite:///{tmp_path / 'sqlite' / 'store.db'}")
        postgres = create_engine(url)
        with sqlite.connect() as one, postgres.connect() as other:
            for table in METADATA.tables:
                count = text(f"select count(*) from {table}")
                assert one.execute(count).scalar() == other.execute(count).scalar() != 0, table
            total = text("select round(sum(total), 2), min(updated_at) from transactions")
            here, there = one.execute(total).one(), other.execute(total).one()
            assert float(here[0]) == float(there[0])
            assert there[1].tzinfo is not None
        sqlite.dispose()
        postgres.dispose()
        with pytest.raises(StoreTakenError, match="already has rows"):
            write(Plan(5), tmp_path / "elsewhere", url)
        assert not (tmp_path / "postgres" / "store.db").exists()
