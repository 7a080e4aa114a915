"""Identity by brute force: applies the rules naively, link by link, as an oracle for the models.

Nothing here is shared with the models but the numbers of the seed `identity_rules`. Clusters are plain sets that are
searched from end to end; every link is replayed, not only those of clusters that break a rule. Accounts of a cluster
are counted by walking its aliases, people next to an identifier by walking the graph.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path

from tests.identity.records import Record

RULES = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "identity_rules.csv"
# An alias is trusted less than identifiers on one record.
ALIAS_PRIORITY = 50
# The first names that random records carry; two of one group may be one person.
NAME_GROUPS = ({"jon", "john"}, {"ruth"}, {"oskar"}, {"mina"})

Node = tuple[str, str]


@dataclass(frozen=True)
class Decision:
    """A steward's decision on two identifiers, with its time."""

    left: Node
    right: Node
    same: bool
    decided_at: datetime


@dataclass
class Link:
    """Two identifiers that may be one person: shown together by records, or decided; an alias replaces the right."""

    left: Node
    right: Node
    priority: int
    seen_at: list[datetime]
    is_alias: bool = False

    @property
    def order(self) -> tuple[int, int, datetime, str, str]:
        """Return the sort key of a link: trusted rules first, then more evidence."""
        return self.priority, -len(self.seen_at), min(self.seen_at), text(self.left), text(self.right)


def text(node: Node) -> str:
    """An identifier as the models write it."""
    return ":".join(node)


def rules() -> dict[str, dict[str, int]]:
    """The strong types of identifiers with their limits."""
    with RULES.open(encoding="utf-8") as file:
        return {
            row["identifier_type"]: {
                name: int(row[name]) for name in ("priority", "max_values_per_person", "max_people_per_value")
            }
            for row in csv.DictReader(file)
            if row["tier"] == "1"
        }


def people(records: Sequence[Record], decisions: Sequence[Decision]) -> frozenset[frozenset[str]]:
    """The groups of identifiers that are one person each."""
    types = rules()
    shown = [strong(record, types) for record in records]
    links = [*shown_links(records, shown, types), *aliases(records, shown)]
    hubs = hubs_of(links, types)
    known = {node for nodes in shown for node in nodes}
    last = last_decisions(decisions)
    decided = [
        Link(said.left, said.right, 0, [said.decided_at])
        for said in last
        if said.same and {said.left, said.right} <= known
    ]
    usable = [link for link in links if not {link.left, link.right} & hubs]
    clusters = [
        {node} for node in known - hubs | {node for link in decided for node in (link.left, link.right)}
    ]
    apart = [{said.left, said.right} for said in last if not said.same]
    profiles = profiles_of(records, types)
    kept: list[Link] = []
    for link in sorted([*usable, *decided], key=lambda link: link.order):
        left, right = (next(c for c in clusters if node in c) for node in (link.left, link.right))
        if left is right:
            kept.append(link)
        elif may_join(link, left, right, apart, profiles, types, kept):
            kept.append(link)
            clusters = [c for c in clusters if c is not left and c is not right] + [left | right]
    return frozenset(frozenset(text(node) for node in cluster) for cluster in clusters)


def strong(record: Record, types: Iterable[str]) -> list[Node]:
    """The strong identifiers of a record."""
    return [(kind, value) for kind, value in record.identifiers.items() if kind in types]


def shown_links(
    records: Sequence[Record], shown: Sequence[Sequence[Node]], types: dict[str, dict[str, int]]
) -> list[Link]:
    """One link per pair that some record shows, each identifier with the surest of its record."""
    links: dict[tuple[Node, Node], Link] = {}
    for record, nodes in zip(records, shown, strict=True):
        by_trust = sorted(nodes, key=lambda node: (types[node[0]]["priority"], node[1]))
        for other in by_trust[1:]:
            priority = max(types[by_trust[0][0]]["priority"], types[other[0]]["priority"])
            link = links.setdefault((by_trust[0], other), Link(by_trust[0], other, priority, []))
            link.seen_at.append(record.occurred_at)
    return list(links.values())


def aliases(records: Sequence[Record], shown: Sequence[Sequence[Node]]) -> list[Link]:
    """One link per account and earlier account that an alias names, if some record has the earlier one."""
    known = {node for nodes in shown for node in nodes}
    links: dict[tuple[Node, Node], Link] = {}
    for record in records:
        left, right = (
            ("user_id", record.identifiers.get("user_id", "")),
            ("user_id", record.previous_id or ""),
        )
        if record.kind == "alias" and right in known and left != right:
            link = links.setdefault((left, right), Link(left, right, ALIAS_PRIORITY, [], is_alias=True))
            link.seen_at.append(record.occurred_at)
    return list(links.values())


def hubs_of(links: Sequence[Link], types: dict[str, dict[str, int]]) -> set[Node]:
    """The identifiers that would join more people than may share one of their type, counted without all of these."""
    neighbours: dict[Node, set[Node]] = {}
    for link in links:
        neighbours.setdefault(link.left, set()).add(link.right)
        neighbours.setdefault(link.right, set()).add(link.left)
    alone = {node: [{other} for other in others] for node, others in neighbours.items()}
    suspects = {node for node in neighbours if joins_too_many(node, alone[node], types)}
    return {
        node
        for node in suspects
        if joins_too_many(node, groups(neighbours[node], neighbours, suspects), types)
    }


def groups(nodes: set[Node], neighbours: dict[Node, set[Node]], suspects: set[Node]) -> list[set[Node]]:
    """The nodes in groups that are connected without any of the suspects."""
    found: list[set[Node]] = []
    left = set(nodes)
    while left:
        reached: set[Node] = set()
        edge = {left.pop()}
        while edge:
            node = edge.pop()
            reached.add(node)
            edge |= set() if node in suspects else neighbours[node] - suspects - reached
        found.append(reached & nodes)
        left -= reached
    return found


def joins_too_many(node: Node, beside: Sequence[set[Node]], types: dict[str, dict[str, int]]) -> bool:
    """Whether an identifier is seen with more people than may share it, if each group next to it is a person."""
    kind, seats = node[0], types[node[0]]["max_people_per_value"]
    for other in types:
        limit = types[other]["max_values_per_person"]
        counts = [sum(of == other for of, _ in group) for group in beside]
        if sum(counts) <= limit:
            continue
        owned = limit - 1 if types[kind]["max_values_per_person"] == 1 else 0
        if max(ceil(sum(counts) / limit), sum(ceil(count / limit) for count in counts) - owned) > seats:
            return True
    return False


def last_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """The last word on each pair."""
    last = {
        frozenset((said.left, said.right)): said for said in sorted(decisions, key=lambda d: d.decided_at)
    }
    return list(last.values())


def profiles_of(records: Sequence[Record], types: dict[str, dict[str, int]]) -> dict[Node, dict[str, str]]:
    """First name and birth date by the identifier whose record has them: the member list first, then the latest."""
    profiles: dict[Node, dict[str, str]] = {}
    for record in sorted(records, key=lambda r: (r.kind == "member", r.occurred_at)):
        nodes = strong(record, types)
        if not nodes:
            continue
        surest = min(nodes, key=lambda node: (types[node[0]]["priority"], node[1]))
        if record.kind == "member":
            surest = ("member_id", record.identifiers["member_id"])
        profiles.setdefault(surest, {}).update(record.traits)
    return profiles


def may_join(
    link: Link,
    left: set[Node],
    right: set[Node],
    apart: Sequence[set[Node]],
    profiles: dict[Node, dict[str, str]],
    types: dict[str, dict[str, int]],
    kept: Sequence[Link],
) -> bool:
    """Whether a link may make one person of two."""
    if any(len(pair & left) == 1 and len(pair & right) == 1 for pair in apart):
        return False
    if link.priority == 0:
        return True
    if link.is_alias and any(other.is_alias and other.right == link.right for other in kept):
        return False
    if (link.is_alias or "phone" in (link.left[0], link.right[0])) and is_household(left, right, profiles):
        return False
    return all(
        values(kind, left, kept) + values(kind, right, kept) <= limits["max_values_per_person"]
        for kind, limits in types.items()
        if any(kind == other for other, _ in left) and any(kind == other for other, _ in right)
        if not (link.is_alias and kind == "user_id")
    )


def values(kind: str, cluster: set[Node], kept: Sequence[Link]) -> int:
    """How many values of a type a cluster has; accounts that an alias joined are one."""
    if kind != "user_id":
        return sum(kind == other for other, _ in cluster)
    accounts = [{node} for node in cluster if node[0] == kind]
    for link in kept:
        if link.is_alias and {link.left, link.right} <= cluster:
            joined = [group for group in accounts if group & {link.left, link.right}]
            accounts = [group for group in accounts if group not in joined]
            accounts.append({node for group in joined for node in group})
    return len(accounts)


def is_household(left: set[Node], right: set[Node], profiles: dict[Node, dict[str, str]]) -> bool:
    """Whether the attributes of two clusters show two people with one phone."""
    births, names = (
        [
            {profiles[node][trait] for node in side if trait in profiles.get(node, {})}
            for side in (left, right)
        ]
        for trait in ("birth_date", "first_name")
    )
    if all(births) and not births[0] & births[1]:
        return True
    groups = [
        {i for name in side for i, group in enumerate(NAME_GROUPS) if name.lower() in group} for side in names
    ]
    return all(groups) and not groups[0] & groups[1]
