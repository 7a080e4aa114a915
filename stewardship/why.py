"""Why are these the same person? The chain of links between two identifiers, each with its record.

``python -m stewardship.why email:ana@example.org member_id:M1``
"""

import argparse
import sys
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from printable import escaped
from stewardship.identifiers import Identifier, UnknownIdentifierError, find_identifier
from stewardship.warehouse import WarehouseError, opened, warehouse_path

LINK_COLUMNS = "left_node, right_node, link_rule, match_weight, first_record_key, first_seen_at, records"
NODES_OF_CUSTOMERS = (
    "select node from intermediate.int_identity__people where list_contains($ids, customer_id)"
)


@dataclass(frozen=True)
class Link:
    """One link of the identity graph, from a record or a decision."""

    left_node: str
    right_node: str
    link_rule: str
    match_weight: float
    first_record_key: str
    first_seen_at: object
    records: int
    dropped_by: str | None = None

    def in_words(self) -> str:
        """The link in words."""
        shown = f"first shown by {self.first_record_key}"
        if self.first_seen_at is not None:
            shown += f" on {self.first_seen_at:%Y-%m-%d %H:%M} UTC"
        weight = "" if self.match_weight == 1 else f", probability {self.match_weight:.4f}"
        count = "1 record" if self.records == 1 else f"{self.records} records"
        return f"{self.left_node}  --  {self.right_node}\n      {self.link_rule}{weight}; {shown}; {count}"


@dataclass(frozen=True)
class Answer:
    """Whether two identifiers are one customer, with the links between them or the dropped links."""

    left_customer: str | None
    right_customer: str | None
    chain: tuple[Link, ...]
    dropped: tuple[Link, ...]

    @property
    def is_same(self) -> bool:
        """Whether both identifiers belong to one customer."""
        return self.left_customer is not None and self.left_customer == self.right_customer


def shortest_chain(links: Iterable[Link], start: str, end: str) -> tuple[Link, ...]:
    """Return the shortest path from ``start`` to ``end``; empty if they are equal or not connected."""
    neighbours: dict[str, list[tuple[str, Link]]] = {}
    for link in links:
        neighbours.setdefault(link.left_node, []).append((link.right_node, link))
        neighbours.setdefault(link.right_node, []).append((link.left_node, link))
    came_by: dict[str, tuple[str, Link] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in came_by:
        node = waiting.popleft()
        for neighbour, link in neighbours.get(node, []):
            if neighbour not in came_by:
                came_by[neighbour] = (node, link)
                waiting.append(neighbour)
    chain: list[Link] = []
    step = came_by.get(end)
    while step is not None:
        chain.append(step[1])
        step = came_by[step[0]]
    return tuple(reversed(chain))


def customer_of(warehouse: duckdb.DuckDBPyConnection, identifier: Identifier) -> str | None:
    """Return the customer_id of an identifier of any tier, or None if it has no customer."""
    row = warehouse.execute(
        "select customer_id from marts.identity_map where identifier_type = ? and identifier_value = ?",
        [identifier.identifier_type, identifier.value],
    ).fetchone()
    return row[0] if row else None


def explain(warehouse: duckdb.DuckDBPyConnection, left: Identifier, right: Identifier) -> Answer:
    """Return why ``left`` and ``right`` are one customer, or the dropped links between their two customers."""
    left_customer, right_customer = customer_of(warehouse, left), customer_of(warehouse, right)
    customers = [customer for customer in (left_customer, right_customer) if customer]
    kept = warehouse.execute(
        f"""
        select {LINK_COLUMNS}
        from intermediate.int_identity__judged_links
        where dropped_by is null and left_node in ({NODES_OF_CUSTOMERS})
        order by link_priority, first_seen_at nulls last, link_id
        """,
        {"ids": customers},
    ).fetchall()
    dropped = warehouse.execute(
        f"""
        select {LINK_COLUMNS}, dropped_by
        from intermediate.int_identity__judged_links
        where dropped_by is not null
            and left_node in ({NODES_OF_CUSTOMERS})
            and right_node in ({NODES_OF_CUSTOMERS})
        order by link_priority, first_seen_at nulls last, link_id
        """,
        {"ids": customers},
    ).fetchall()
    chain = shortest_chain((Link(*row) for row in kept), left.node, right.node)
    return Answer(left_customer, right_customer, chain, tuple(Link(*row) for row in dropped))


def in_words(left: Identifier, right: Identifier, answer: Answer) -> str:
    """Return the answer in words, one link a line."""
    lines = []
    if answer.is_same:
        lines.append(f"{left.node} and {right.node} are the same person: {answer.left_customer}")
        lines += [f"  {number}. {link.in_words()}" for number, link in enumerate(answer.chain, start=1)]
        if not answer.chain and left != right:
            lines.append(
                "  One of them is a device or an object: found with this person, it never merges people."
            )
    else:
        lines.append(f"{left.node} and {right.node} are not the same person:")
        lines += [f"  {left.node} is {answer.left_customer or 'nobody'}"]
        lines += [f"  {right.node} is {answer.right_customer or 'nobody'}"]
        for link in answer.dropped:
            lines += [f"  dropped: {link.in_words()}", f"      because: {link.dropped_by}"]
    return "\n".join(map(escaped, lines))


def main(arguments: list[str] | None = None) -> int:
    """Print the chain of links or what keeps two people apart; return 2 if that is impossible."""
    parser = argparse.ArgumentParser(prog="python -m stewardship.why", description=__doc__.splitlines()[0])
    parser.add_argument("left", help="an identifier, type:value")
    parser.add_argument("right", help="another one")
    given = parser.parse_args(arguments)
    try:
        with opened(warehouse_path()) as warehouse:
            left, right = find_identifier(warehouse, given.left), find_identifier(warehouse, given.right)
            answer = explain(warehouse, left, right)
    except (UnknownIdentifierError, WarehouseError) as error:
        print(error, file=sys.stderr)
        return 2
    print(in_words(left, right, answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
