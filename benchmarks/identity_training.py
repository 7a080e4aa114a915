"""Estimates how often two profiles of one person, and of two people, agree: m and u of each level.

m counts the pairs of one person, u the pairs of two people among a sample, in records whose truth is known
and that no benchmark judges by: FEBRL's sets 1, 2 and 4, and a simulated retailer of another seed.
``python -m benchmarks.identity_training`` writes them into the seed that the dbt model reads.
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

import duckdb

from benchmarks.identity_matching import LEVELS, PROFILE, seed
from benchmarks.identity_retailer import profiles, refreshed
from benchmarks.identity_sets import Labelled, febrl

PEOPLE, SEED = 2_000, 11
# Pairs of this many records, about a million, are enough to see a level that one in ten thousand pairs is on.
SAMPLED_RECORDS = 1_400
# A level without pairs counts as half a pair: a probability of 0 would be a certainty.
UNSEEN = 0.5
Counts = Counter[tuple[str, int]]


def main() -> None:
    """Train on all sets and write the seed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity_training", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path("data/identity-training"), help="the retailer's data"
    )
    warehouse = refreshed(parser.parse_args().folder, PEOPLE, SEED)
    public = [febrl("1"), febrl("2"), febrl("4a", "4b")]
    of_one, of_two = Counts(), Counts()
    for labelled in (*public, profiles(warehouse)):
        of_one += levels_of(labelled, same_person=True)
    for labelled in (*public, profiles(warehouse, with_addresses=True)):
        of_two += levels_of(labelled, same_person=False)
    write_levels(shares(of_one), shares(of_two))
    print(
        f"{LEVELS.name}: {sum(of_one.values()):,} comparisons of one person, {sum(of_two.values()):,} of two"
    )


def levels_of(labelled: Labelled, *, same_person: bool) -> Counts:
    """Count the levels that pairs of one person, or of two people in a sample, are on; not the unknown."""
    with duckdb.connect() as connection:
        people = [labelled.people[node] for node in labelled.profiles["node"].to_pylist()]
        connection.register("labelled", labelled.profiles.append_column("person", [people]))
        sample = "" if same_person else f"order by md5(node) limit {SAMPLED_RECORDS}"
        connection.execute(f"create table profiles as from labelled {sample}")
        columns = ", ".join(f"l.{name} as {name}_l, r.{name} as {name}_r" for name in PROFILE.names)
        connection.execute(
            f"""
            create view pairs as select {columns} from profiles as l inner join profiles as r
            on l.node < r.node and l.person {"=" if same_person else "<>"} r.person
            """
        )
        return Counts(
            {
                (comparison, number): count
                for comparison, condition in _comparisons().items()
                for number, count in connection.execute(
                    f"select {condition} as level, count(*) from pairs group by level having level > 0"
                ).fetchall()
            }
        )


def _comparisons() -> dict[str, str]:
    """SQL by comparison: the number of the level that a pair is on, 0 where unknown."""
    cases: dict[str, str] = {}
    for level in seed("identity_match_levels"):
        number = 0 if level["verdict"] == "unknown" else level["level_number"]
        condition = "true" if level["condition"] == "else" else level["condition"]
        name = level["comparison"]
        cases[name] = f"{cases.get(name, 'case')} when {condition} then {number}"
    return {name: f"{case} end" for name, case in cases.items()}


def shares(counts: Counts) -> dict[tuple[str, int], float]:
    """Return each level's share of its comparison's pairs."""
    levels = [
        (level["comparison"], int(level["level_number"]))
        for level in seed("identity_match_levels")
        if level["verdict"] != "unknown"
    ]
    seen = {key: counts[key] + UNSEEN for key in levels}
    totals: dict[str, float] = {}
    for (comparison, _), count in seen.items():
        totals[comparison] = totals.get(comparison, 0.0) + count
    return {key: count / totals[key[0]] for key, count in seen.items()}


def write_levels(m: dict[tuple[str, int], float], u: dict[tuple[str, int], float]) -> None:
    """Write both into the seed, to three significant digits."""
    rows = seed("identity_match_levels")
    with LEVELS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        for row in rows:
            key = (row["comparison"], int(row["level_number"]))
            known = key in m
            probabilities = {
                "m_probability": f"{m[key]:.3g}" if known else "",
                "u_probability": f"{u[key]:.3g}" if known else "",
            }
            writer.writerow(row | probabilities)


if __name__ == "__main__":
    main()
