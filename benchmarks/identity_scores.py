"""Precision, recall and F1 of pairs: clusters compared with true people."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Score:
    """Pairs in one cluster (found), of one person (true), and both (right)."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that are found."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        both = self.found + self.true
        return 2 * self.right / both if both else 1.0

    def __str__(self) -> str:
        """One line of figures."""
        return (
            f"precision {self.precision:.4f}  recall {self.recall:.4f}  F1 {self.f1:.4f}"
            f"  ({self.right:,} right of {self.found:,} found and {self.true:,} true pairs)"
        )


def score(clusters: Mapping[str, Hashable], people: Mapping[str, str]) -> Score:
    """Compare clusters with people, over the nodes in both."""
    known = [node for node in people if node in clusters]
    return Score(
        right=_pairs((clusters[node], people[node]) for node in known),
        found=_pairs(clusters[node] for node in known),
        true=_pairs(people[node] for node in known),
    )


def joined(nodes: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return the connected component of every node."""
    numbers = {node: number for number, node in enumerate(nodes)}
    ends = np.array([(numbers[left], numbers[right]) for left, right in links], dtype=int).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(numbers), len(numbers)))
    components = connected_components(graph, directed=False)[1]
    return {node: int(components[number]) for node, number in numbers.items()}


def _pairs(groups: Iterable[Hashable]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())
