"""The simulated retailer, built by the real pipeline up to identity, and its true people."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.identity_matching import PROFILE
from benchmarks.identity_scores import Score, joined, score
from benchmarks.identity_sets import Labelled
from benchmarks.retailer import build, loaded
from simulator.plan import Plan

CUSTOMERS = """
    select identifier_type || ':' || identifier_value as node, customer_id
    from marts.identity_map
    where tier = 1
"""
TRUTH = """
    select type || ':' || value as node, people[1] as person
    from read_json('{truth}/identifiers.jsonl')
    where len(people) = 1 and status not in ('placeholder', 'public')
"""


def refreshed(folder: Path, people: int, seed: int) -> Path:
    """Write and load the retailer in ``folder`` unless it is there, build its identity: the warehouse."""
    plan = Plan(people=people, seed=seed)
    warehouse = loaded(folder, plan)
    build(warehouse, plan, "--select", "+identity_map", "+identity_links")
    return warehouse


def warehouse_score(warehouse: Path) -> Score:
    """Score the customers of the strong identifiers with one true owner."""
    customers = dict(_rows(warehouse, CUSTOMERS))
    return score(customers, _owners(warehouse, customers))


def possible_score(warehouse: Path) -> Score:
    """Score perfect rules: all identifiers that occur together and belong to one person."""
    owners = _owners(warehouse, dict(_rows(warehouse, CUSTOMERS)))
    shown = _rows(warehouse, "select left_node, right_node from intermediate.int_identity__record_links")
    links = [(left, right) for left, right in shown if left in owners and owners[left] == owners.get(right)]
    return score(joined(owners, links), owners)


def score_of_likeness(warehouse: Path) -> Score:
    """Score the probabilistic links one by one; the true ones are the right ones among all likely pairs."""
    pairs = _rows(
        warehouse, "select left_node, right_node, is_link from intermediate.int_identity__probabilistic_pairs"
    )
    owners = dict(_rows(warehouse, TRUTH.format(truth=warehouse.parent / "truth")))
    judged = [
        (link, owners[left] == owners[right])
        for left, right, link in pairs
        if left in owners and right in owners
    ]
    return Score(
        right=sum(link and right for link, right in judged),
        found=sum(link for link, _ in judged),
        true=sum(right for _, right in judged),
    )


def _owners(warehouse: Path, known: Mapping[str, object]) -> dict[str, str]:
    stated = _rows(warehouse, TRUTH.format(truth=warehouse.parent / "truth"))
    return {node: person for node, person in stated if node in known}


def _rows(warehouse: Path, query: str) -> list[Any]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def profiles(warehouse: Path, *, with_addresses: bool = False) -> Labelled:
    """Return the named profiles with one true person.

    With ``with_addresses`` each states its household's street and city, which the retailer's sources do not.
    """
    truth = warehouse.parent / "truth"
    address = "lower(address) as street, lower(city) as city" if with_addresses else "street, city"
    columns = ", ".join(name for name in PROFILE.names if name not in ("birth_date", "street", "city"))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        stated = connection.sql(
            f"""
            with truth as ({TRUTH.format(truth=truth)}),
            homes as (
                select unnest(people) as person, address, city as town
                from read_json('{truth}/households.jsonl')
            )
            select {columns}, strftime(birth_date, '%Y%m%d') as birth_date, person,
                {address.replace("lower(city)", "lower(town)")}
            from intermediate.int_identity__source_profiles
            inner join truth using (node)
            inner join homes using (person)
            where first_name is not null or last_name is not null
            """
        ).to_arrow_table()
    people = dict(zip(stated["node"].to_pylist(), stated["person"].to_pylist(), strict=True))
    return Labelled(stated.select(PROFILE.names).cast(PROFILE), people)
