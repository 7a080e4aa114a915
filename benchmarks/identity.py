"""How well identity is resolved, against records whose truth is known: precision, recall and F1 of pairs.

A pair is two records (public sets) or two identifiers (the made-up retailer) of one cluster; it is right if
both are one person's. The same settings judge all sets. ``python -m benchmarks.identity`` prints a line for
each and exits with 1 if one is below its floor; ``--people 0`` leaves out the retailer, which takes minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.identity_matching import matched
from benchmarks.identity_retailer import possible_score, refreshed, score_of_links, warehouse_score
from benchmarks.identity_scores import Score, joined, score
from benchmarks.identity_sets import Labelled, SetMissingError, fake_1000, febrl

PEOPLE, SEED = 10_000, 7
FLOORS = {"febrl3": ("f1", 0.99), "fake_1000": ("f1", 0.86), "retailer": ("precision", 0.999)}
PUBLIC_SETS: Mapping[str, Callable[[], Labelled]] = {"febrl3": lambda: febrl("3"), "fake_1000": fake_1000}


def main() -> None:
    """Print every set's line; exit with 1 if one is below its floor."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="people of the retailer, 0 for none")
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    options = parser.parse_args()
    scores: dict[str, Score] = {}
    for name, read in PUBLIC_SETS.items():
        try:
            scores[name] = score_of_matching(read())
            print(f"{name:<22}{scores[name]}", flush=True)
        except SetMissingError as missing:
            print(f"{name:<22}left out: {missing}")
    if options.people:
        with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
            warehouse = refreshed(options.folder or Path(folder), options.people, SEED)
            scores["retailer"] = warehouse_score(warehouse)
            print(f"{'retailer':<22}{scores['retailer']}")
            print(f"{'  at best by records':<22}{possible_score(warehouse)}")
            print(f"{'  links by likeness':<22}{score_of_links(warehouse)}")
    sys.exit(_verdict(scores))


def score_of_matching(labelled: Labelled) -> Score:
    """Score the clusters that the probabilistic links alone make of a set's records."""
    pairs = matched(labelled.profiles)
    links = pairs[pairs["is_link"]]
    clusters = joined(labelled.people, zip(links["left_node"], links["right_node"], strict=True))
    return score(clusters, labelled.people)


def _verdict(scores: Mapping[str, Score]) -> int:
    below = [
        f"{name}: {measure} {getattr(scores[name], measure):.4f} is below {floor}"
        for name, (measure, floor) in FLOORS.items()
        if name in scores and getattr(scores[name], measure) < floor
    ]
    print("\n".join(below) or "every floor is held")
    return 1 if below else 0


if __name__ == "__main__":
    main()
