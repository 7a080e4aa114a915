"""Accuracy of identity resolution on records with known truth: precision, recall and F1 of pairs.

A pair is two records (public sets) or two identifiers (the simulated retailer) of one cluster; it is right if
both are one person's. The same settings judge all sets. Below each public set stands the anchor: Splink with the
settings of its own published examples, at the same threshold, trained on the set itself.
``python -m benchmarks.identity`` prints a line for each and exits with 1 if one is below its floor or its anchor;
``--people 0`` leaves out the retailer, which takes minutes.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from benchmarks.identity_anchor import Example, fake_1000_example, febrl_example, predicted
from benchmarks.identity_calibration import Judged, estimates, judged
from benchmarks.identity_matching import matched, thresholds
from benchmarks.identity_retailer import possible_score, refreshed, score_of_likeness, warehouse_score
from benchmarks.identity_scores import Score, joined, score
from benchmarks.identity_sets import Labelled, SetMissingError, fake_1000, febrl

PEOPLE, SEED = 10_000, 7
FLOORS = {
    "febrl3": ("f1", 0.99),
    "febrl4": ("f1", 0.99),
    "fake_1000": ("f1", 0.86),
    "retailer": ("precision", 0.999),
}
PUBLIC_SETS: Mapping[str, Callable[[], Labelled]] = {
    "febrl3": lambda: febrl("3"),
    "febrl4": lambda: febrl("4a", "4b"),
    "fake_1000": fake_1000,
}
ANCHORS: Mapping[str, Callable[[], Example]] = {
    "febrl3": febrl_example,
    "febrl4": febrl_example,
    "fake_1000": fake_1000_example,
}
# No pair of these sets was used to train the levels of the seed.
HELD_BACK = ("febrl3", "fake_1000")


def main() -> None:
    """Print every set's line; exit with 1 if one is below its floor."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.identity", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="people of the retailer, 0 for none")
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    options = parser.parse_args()
    scores: dict[str, Score] = {}
    anchors: dict[str, Score] = {}
    held_back: list[Judged] = []
    for name, read in PUBLIC_SETS.items():
        try:
            labelled = read()
        except SetMissingError as missing:
            print(f"{name:<22}left out: {missing}")
            continue
        pairs = matched(labelled.profiles)
        scores[name] = score_of_links(labelled, pairs[pairs["is_link"]])
        anchors[name] = anchor_score(labelled, ANCHORS[name]())
        held_back += judged(labelled, pairs) if name in HELD_BACK else []
        print(f"{name:<22}{scores[name]}\n{'  Splink as published':<22}{anchors[name]}", flush=True)
    for line in estimates(held_back):
        print(line)
    if options.people:
        with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
            warehouse = refreshed(options.folder or Path(folder), options.people, SEED)
            scores["retailer"] = warehouse_score(warehouse)
            print(f"{'retailer':<22}{scores['retailer']}")
            print(f"{'  at best by records':<22}{possible_score(warehouse)}")
            print(f"{'  links by likeness':<22}{score_of_likeness(warehouse)}")
    sys.exit(_verdict(scores, anchors))


def score_of_matching(labelled: Labelled) -> Score:
    """Score the clusters that the probabilistic links alone make of a set's records."""
    pairs = matched(labelled.profiles)
    return score_of_links(labelled, pairs[pairs["is_link"]])


def score_of_links(labelled: Labelled, links: pd.DataFrame) -> Score:
    """Score the clusters that some links make of a set's records."""
    clusters = joined(labelled.people, zip(links["left_node"], links["right_node"], strict=True))
    return score(clusters, labelled.people)


def anchor_score(labelled: Labelled, example: Example) -> Score:
    """Score Splink with a published example's settings, at the threshold of this project's links."""
    pairs = predicted(labelled, example)
    return score_of_links(labelled, pairs[pairs["match_probability"] >= thresholds()[0]])


def _verdict(scores: Mapping[str, Score], anchors: Mapping[str, Score]) -> int:
    below = [
        f"{name}: {measure} {getattr(scores[name], measure):.4f} is below {floor}"
        for name, (measure, floor) in FLOORS.items()
        if name in scores and getattr(scores[name], measure) < floor
    ]
    below += [
        f"{name}: F1 {scores[name].f1:.4f} is below that of Splink as published, {anchor.f1:.4f}"
        for name, anchor in anchors.items()
        if scores[name].f1 < anchor.f1
    ]
    print("\n".join(below) or "every floor is held")
    return 1 if below else 0


if __name__ == "__main__":
    main()
