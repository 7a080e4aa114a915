"""The made-up retailer, taken through the real pipeline as far as identity, and who is truly who."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.identity_matching import PROFILE, PROJECT
from benchmarks.identity_scores import Score, joined, score
from benchmarks.identity_sets import Labelled
from ingestion.pipeline import SOURCES, load
from simulator.plan import Plan, to_the_second
from simulator.support_api import SupportApi, SupportFiles
from simulator.write import write

EMAIL, TOKEN = "agent@throughline.example", "benchmark-token"
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
    folder = folder.resolve()
    warehouse = folder / "warehouse.duckdb"
    plan = Plan(people=people, seed=seed)
    if warehouse.is_file():
        _identify(warehouse, plan)
        return warehouse
    write(plan, folder)
    unfinished = folder / "unfinished.duckdb"
    unfinished.unlink(missing_ok=True)
    with SupportApi(SupportFiles(folder / "support"), email=EMAIL, token=TOKEN) as desk:
        os.environ |= {
            "WAREHOUSE_PATH": str(unfinished),
            "RUN_AT": to_the_second(plan.until),
            "SOURCES__STORE__CREDENTIALS": f"sqlite:///{folder / 'store.db'}",
            "SOURCES__SUPPORT__BASE_URL": desk.base_url,
            "SOURCES__SUPPORT__EMAIL": EMAIL,
            "SOURCES__SUPPORT__API_TOKEN": TOKEN,
            **{
                f"SOURCES__{feed.upper()}__BUCKET_URL": str(folder / "landing" / feed)
                for feed in ("web", "app", "marketing")
            },
        }
        for source in SOURCES:
            report = load(source)
            if report.status != "loaded":
                raise RuntimeError(f"{source}: {report.message}")
    unfinished.rename(warehouse)
    _identify(warehouse, plan)
    return warehouse


def _identify(warehouse: Path, plan: Plan) -> None:
    command = [
        "build",
        "--select",
        "+identity_map",
        "+identity_links",
        "--exclude-resource-type",
        "test",
        "unit_test",
    ]
    places = [f"--project-dir={PROJECT}", f"--profiles-dir={PROJECT}"]
    outputs = [f"--target-path={warehouse.parent / 'target'}", f"--log-path={warehouse.parent / 'logs'}"]
    subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--quiet", *command, *places, *outputs],
        env=os.environ | {"WAREHOUSE_PATH": str(warehouse.resolve()), "RUN_AT": to_the_second(plan.until)},
        check=True,
    )


def warehouse_score(warehouse: Path) -> Score:
    """Score the customers of the strong identifiers that the truth knows one owner of."""
    customers = dict(_rows(warehouse, CUSTOMERS))
    return score(customers, _owners(warehouse, customers))


def possible_score(warehouse: Path) -> Score:
    """Score what perfect rules could join: all that records show together and that is one person's."""
    owners = _owners(warehouse, dict(_rows(warehouse, CUSTOMERS)))
    shown = _rows(warehouse, "select left_node, right_node from intermediate.int_identity__record_links")
    links = [(left, right) for left, right in shown if left in owners and owners[left] == owners.get(right)]
    return score(joined(owners, links), owners)


def score_of_links(warehouse: Path) -> Score:
    """Score the probabilistic links one by one; true are the right ones of all that were likely."""
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
    told = _rows(warehouse, TRUTH.format(truth=warehouse.parent / "truth"))
    return {node: person for node, person in told if node in known}


def _rows(warehouse: Path, query: str) -> list[Any]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def profiles(warehouse: Path, *, with_addresses: bool = False) -> Labelled:
    """Return the named profiles of which the truth names one person.

    With ``with_addresses`` each tells its household's street and city, which the retailer's sources do not.
    """
    truth = warehouse.parent / "truth"
    address = "lower(address) as street, lower(city) as city" if with_addresses else "street, city"
    columns = ", ".join(name for name in PROFILE.names if name not in ("birth_date", "street", "city"))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        told = connection.sql(
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
    people = dict(zip(told["node"].to_pylist(), told["person"].to_pylist(), strict=True))
    return Labelled(told.select(PROFILE.names).cast(PROFILE), people)
