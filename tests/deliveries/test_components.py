"""Components of the links of a slice, compared with those that NetworkX finds."""

import random

import networkx as nx
import pyarrow as pa
import pytest

from slices.build import components

Links = list[tuple[str, str]]


def some_links(seed: int) -> Links:
    chance = random.Random(seed)
    nodes = [f"email:{chance.choice('aäzZ')}{number}" for number in range(60)]
    return [(chance.choice(nodes), chance.choice(nodes)) for _ in range(seed * 8)]


def a_chain(length: int) -> Links:
    return [(f"device_id:{number}", f"device_id:{number + 1}") for number in range(length)]


@pytest.mark.parametrize("links", [*map(some_links, range(10)), a_chain(100_000)])
def test_components_are_those_of_networkx(links: Links) -> None:
    table = pa.table(
        {"left": [left for left, _ in links], "right": [right for _, right in links]},
        schema=pa.schema([("left", pa.string()), ("right", pa.string())]),
    )
    found = components(table).to_pylist()
    groups = {min(nodes): nodes for nodes in nx.connected_components(nx.Graph(links))}
    expected = {node: name for name, nodes in groups.items() for node in nodes}
    assert {row["node"]: row["component"] for row in found} == expected
    assert len(found) == len(expected)
