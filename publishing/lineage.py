"""The inputs of a mart: the sources in business words, other marts, and the seeds that people edit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).with_suffix(".yml")


@dataclass(frozen=True)
class Lineage:
    """`sources` in words, `marts` and `lists` (dbt's seeds) by name."""

    sources: tuple[str, ...] = ()
    marts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


@cache
def declared_lineage() -> Mapping[str, Any]:
    """Return the content of `lineage.yml`: `sources` in words, and the sources of `marts`."""
    content: Mapping[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return content


def lineage_of(unique_id: str, manifest: Mapping[str, Any], schema: str) -> Lineage:
    """Return the lineage of a mart of dbt's manifest; if it is not declared, all its upstream sources."""
    nodes = manifest["nodes"]
    node = nodes[unique_id]
    words, marts = declared_lineage()["sources"], declared_lineage()["marts"]
    sources = marts.get(node["alias"])
    if sources is None:
        sources = sorted(sources_before(unique_id, nodes))
    parents = [nodes[parent] for parent in node["depends_on"]["nodes"] if parent in nodes]
    return Lineage(
        sources=tuple(words.get(source, source) for source in sources),
        marts=tuple(sorted(parent["alias"] for parent in parents if parent["schema"] == schema)),
        lists=tuple(sorted(parent["alias"] for parent in parents if parent["resource_type"] == "seed")),
    )


def sources_before(unique_id: str, nodes: Mapping[str, Any]) -> set[str]:
    """Return the names of all raw tables that a node depends on."""
    found: set[str] = set()
    seen: set[str] = set()
    ahead = [unique_id]
    while ahead:
        for parent in _parents(ahead.pop(), nodes):
            if parent.startswith("source."):
                found.add(parent.split(".")[-1])
            elif parent not in seen:
                seen.add(parent)
                ahead.append(parent)
    return found


def _parents(unique_id: str, nodes: Mapping[str, Any]) -> Iterator[str]:
    yield from nodes.get(unique_id, {}).get("depends_on", {}).get("nodes", [])
