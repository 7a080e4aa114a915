"""Sample values show what a column looks like, and nothing about a person."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from publishing.catalog import Mart, MartColumn, Treatment
from publishing.samples import sample_values

ROWS = """
create table fct_things as
select
    if(i < 900, 'web', if(i < 990, 'app', if(i < 997, 'park', 'rare' || i))) as channel,
    'p' || i % 3 as name,
    'c' || i % 3 as customer_id,
    if(i % 2 = 0, '***01', 'phone') as hint,
    if(i % 2 = 0, md5('a'), 'plain') as hashed,
    'text ' || i as note,
    i::integer as minutes,
    (i % 2)::decimal(10, 2) as share,
    if(i < 40, i, null) as seldom,
    i % 2 = 0 as is_even,
    if(i % 2 = 0, 'a' || chr(27) || '[31m', 'b') as odd,
from range(1000) as numbers(i)
"""
COLUMNS: dict[str, Treatment | None] = {
    "channel": None, "name": "mask", "customer_id": None, "hint": None, "hashed": None, "note": None,
    "minutes": None, "share": None, "seldom": None, "is_even": None, "odd": None, "left_out": "drop",
}  # fmt: skip
EXPECTED = {
    "channel": "web, app, park, …",
    "hint": "phone, …",
    "hashed": "plain, …",
    "minutes": "99 to 899",
    "share": "0 to 1",
    "odd": "b, a\\x1b[31m",
}


@pytest.fixture
def mart() -> Mart:
    columns = tuple(MartColumn(name, "", "", pii) for name, pii in COLUMNS.items())
    return Mart("fct_things", "core", "", columns)


def test_texts_of_many_rows_and_ranges_of_numbers(tmp_path: Path, mart: Mart) -> None:
    file = tmp_path / "marts.duckdb"
    with closing(duckdb.connect(file)) as connection:
        connection.execute(ROWS)
    found = sample_values(file, [mart], {"fct_things": 1000}, "1GB")["fct_things"]
    assert {name: sample for name, sample in found.items() if name != "odd"} == {
        name: sample for name, sample in EXPECTED.items() if name != "odd"
    }
    assert set(found["odd"].split(", ")) == set(EXPECTED["odd"].split(", "))


def test_a_part_of_a_large_table_is_enough(tmp_path: Path, mart: Mart) -> None:
    file = tmp_path / "marts.duckdb"
    with closing(duckdb.connect(file)) as connection:
        many = ROWS.replace("range(1000)", "range(2_000_000)").replace("i <", "i % 1000 <")
        connection.execute(many.replace("'rare' || i", "'rare'"))
    found = sample_values(file, [mart], {"fct_things": 2_000_000}, "1GB")["fct_things"]
    assert found["channel"].startswith("web, app")
    assert found["share"] == "0 to 1"
