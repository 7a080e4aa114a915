"""Reads the touchpoints of the warehouse with the true person and goal of each record."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

SERVICE = "service"
PURCHASE = "purchase"
OUTREACH = "outreach"
# Records of the truth with the warehouse's keys. A ticket's first audit is the ticket itself.
TOUCHES = """
    with records as (
        select
            source as source_system,
            case
                when "table" = 'support_ticket_events' then 'comments'
                when source in ('store', 'support') then regexp_replace("table", '^(store|support)_', '')
                else 'events'
            end as source_table,
            coalesce(comment_id::varchar, record_id) as source_record_id,
            "table" || ':' || record_id as true_record,
            person_id,
            journey_id as goal_id
        from read_json('{truth}/records.jsonl')
        where person_id is not null and not coalesce(is_ticket_itself, false)
    )
    select
        touchpoint_id, customer_id, is_identified, touchpoints.journey_id, person_id, goal_id, true_record,
        occurred_at, is_arrival, channel, direction, is_conversion, conversion_id, ticket_id,
        list_filter([order_id, booking_id, application_id], lambda named: named is not null)
    from marts.fct_touchpoints as touchpoints
    inner join records using (source_system, source_table, source_record_id)
    where not is_bot and person_id not in ({internal})
    order by person_id, occurred_at, not is_arrival, touchpoint_id
"""
TICKETS = """
    select ticket_id, parent_ticket_id, lower(trim(subject)), order_id, created_at, is_solved, solved_at
    from staging.stg_support__tickets
    inner join intermediate.int_service__ticket_status using (ticket_id)
"""
# The retailer's own people are in no journey.
INTERNAL = "select person_id from read_json('{truth}/people.jsonl') where is_internal"
JOURNEYS = "select journey_id, status, conversion_id from marts.fct_journeys"
HANDOFFS = """
    select to_touchpoint_id, from_channel, to_channel, outcome
    from marts.fct_journey_transitions
    where is_handoff
"""
# Customers of one person that a record links, by identifiers that only this person has.
TIED_CUSTOMERS = """
    with owned as (
        select customer_id, identifier_type || ':' || identifier_value as node, people[1] as person_id
        from marts.identity_map
        inner join read_json('{truth}/identifiers.jsonl') as identifiers
            on identifier_type = identifiers.type and identifier_value = identifiers.value
        where tier = 1 and len(people) = 1
    )
    select distinct lefts.customer_id, rights.customer_id
    from intermediate.int_identity__record_links
    inner join owned as lefts on left_node = lefts.node
    inner join owned as rights on right_node = rights.node
    where lefts.person_id = rights.person_id and lefts.customer_id <> rights.customer_id
"""


@dataclass(frozen=True)
class Touch:
    """One touchpoint: its customer and journey in the warehouse, and its true person and goal."""

    touchpoint_id: str
    customer_id: str | None
    is_identified: bool
    journey_id: str | None
    person_id: str
    goal_id: str | None
    true_record: str
    occurred_at: datetime
    is_arrival: bool
    channel: str
    direction: str
    is_conversion: bool
    conversion_id: str | None
    ticket_id: str | None
    objects: list[str]


@dataclass(frozen=True)
class Ticket:
    """A ticket in the support system."""

    ticket_id: str
    parent_ticket_id: str | None
    subject: str | None
    order_id: str | None
    created_at: datetime
    is_solved: bool
    solved_at: datetime | None


@dataclass(frozen=True)
class Handoff:
    """A step to another channel, in truth or in the warehouse."""

    from_channel: str
    to_channel: str
    outcome: str
    by: str | None = None


@dataclass(frozen=True)
class Goal:
    """A true journey: its goal, its outcome, and its handoffs by their later record."""

    goal_id: str
    person_id: str
    story: str
    kind: str
    outcome: str
    conversion_id: str | None
    handoffs: Mapping[str, Handoff]


@dataclass(frozen=True)
class Inputs:
    """All that the comparison reads of one warehouse and of the truth next to it."""

    touches: list[Touch]
    tickets: Mapping[str, Ticket]
    goals: list[Goal]
    journeys: Mapping[str, tuple[str, str | None]]
    handoffs: Mapping[str, Handoff]
    tied_customers: set[tuple[str, str]]


def grouped(touches: Iterable[Touch], field: str) -> dict[str, list[Touch]]:
    """Return touches by the value of one field; those without one are left out."""
    groups: dict[str, list[Touch]] = defaultdict(list)
    for touch in touches:
        value = getattr(touch, field)
        if value is not None:
            groups[value].append(touch)
    return groups


def read_inputs(warehouse: Path) -> Inputs:
    """Read a built warehouse, and the truth in the folder next to it."""
    truth = warehouse.parent / "truth"
    internal = INTERNAL.format(truth=truth)
    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def rows(query: str) -> list[Any]:
            return connection.execute(query).fetchall()

        return Inputs(
            touches=[Touch(*row) for row in rows(TOUCHES.format(truth=truth, internal=internal))],
            tickets={row[0]: Ticket(*row) for row in rows(TICKETS)},
            goals=list(_goals(truth / "journeys.jsonl", {row[0] for row in rows(internal)})),
            journeys={row[0]: (row[1], row[2]) for row in rows(JOURNEYS)},
            handoffs={row[0]: Handoff(*row[1:]) for row in rows(HANDOFFS)},
            tied_customers=set(rows(TIED_CUSTOMERS.format(truth=truth))),
        )


def _goals(file: Path, left_out: Set[str]) -> Iterator[Goal]:
    """Read the true journeys of all but some people; a handoff is named by the table and id of its record."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["person_id"] in left_out:
                continue
            tables = {step["record_id"]: step["table"] for step in entry["records"]}
            yield Goal(
                goal_id=entry["journey_id"],
                person_id=entry["person_id"],
                story=entry["story"],
                kind=SERVICE if entry["goal"] == "get help" else PURCHASE,
                outcome=entry["outcome"],
                conversion_id=entry["conversion_id"],
                handoffs={
                    f"{tables[step['record_id']]}:{step['record_id']}": Handoff(
                        step["from_channel"], step["to_channel"], step["outcome"], step["by"]
                    )
                    for step in entry["handoffs"]
                },
            )
