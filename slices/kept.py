"""What the warehouse keeps between runs, and by what the rows of a slice take the place of those that were there.

Kept are the marts; the state from which the next closure is found; and the few intermediate tables that models of
everybody read. All other tables exist in a slice only.
"""

from dataclasses import dataclass
from typing import Literal

from slices.units import unit_of_record

# Of rows without a customer: what their key names.
Loose = Literal["", "record", "object", "case"]


@dataclass(frozen=True)
class ByCustomer:
    """Rows of the touched customers; rows without a customer by their record, object or case."""

    loose: Loose = ""
    key: str = ""


@dataclass(frozen=True)
class ByUnit:
    """Rows of the touched units; ``unit`` is SQL."""

    unit: str


@dataclass(frozen=True)
class ByNode:
    """Rows of identifiers that the slice has whole; ``nodes`` are the columns, all of which must be."""

    nodes: tuple[str, ...]


@dataclass(frozen=True)
class ByObject:
    """Rows of orders, bookings, applications and tickets that the slice has whole."""


@dataclass(frozen=True)
class ByValue:
    """Rows that follow from a value alone: new ones are added, and those that no row of ``shown_by`` shows go."""

    columns: tuple[str, ...]
    shown_by: str


@dataclass(frozen=True)
class Whole:
    """All rows, from a temporary table of the closure."""

    table: str


@dataclass(frozen=True)
class Appended:
    """The rows that this run added are added."""


Rule = ByCustomer | ByUnit | ByNode | ByObject | ByValue | Whole | Appended

_TICKET = "'support:tickets:' || ticket_id"
_MESSAGE = unit_of_record("messages")

MARTS: dict[str, Rule] = {
    "dim_customers": ByCustomer(),
    "fct_applications": ByCustomer("object", "application_id"),
    "fct_attribution": ByCustomer("object", "conversion_id"),
    "fct_bookings": ByCustomer("object", "booking_id"),
    "fct_carts": ByCustomer(),
    "fct_friction_episodes": ByCustomer(),
    "fct_journey_transitions": ByCustomer(),
    "fct_journeys": ByCustomer(),
    "fct_loyalty": ByCustomer(),
    "fct_order_lines": ByCustomer("object", "order_id"),
    "fct_orders": ByCustomer("object", "order_id"),
    "fct_returns": ByCustomer("object", "order_id"),
    "fct_sessions": ByCustomer(),
    "fct_support_cases": ByCustomer("case", "case_id"),
    "fct_touchpoints": ByCustomer("record", "touchpoint_id"),
    "identity_links": ByCustomer(),
    "mart_customer_timeline": ByCustomer(),
    "mart_customer_value": ByCustomer(),
    "mart_recommendations": ByCustomer(),
}

STATE: dict[str, Rule] = {
    "int_identity__identifiers": ByUnit(_MESSAGE),
    "int_identity__observed": ByUnit(_MESSAGE),
    "int_identity__record_customers": ByUnit(_MESSAGE),
    "int_identity__strong_records": ByUnit(_MESSAGE),
    "int_records__object_names": ByUnit("unit"),
    "int_records__keys": ByUnit(_MESSAGE),
    "int_service__messages": ByUnit(_TICKET),
    "int_identity__record_links": ByNode(("left_node", "right_node")),
    "int_identity__candidate_clusters": ByNode(("node",)),
    "int_identity__people": ByNode(("node",)),
    "int_identity__source_profiles": ByNode(("node",)),
    "int_identity__probabilistic_pairs": ByNode(("left_node", "right_node")),
    "int_identity__links": ByNode(("left_node", "right_node")),
    "int_identity__dropped_links": ByNode(("left_node", "right_node")),
    "int_identity__sign_ins": ByCustomer(),
    "int_identity__hubs": Whole("hubs_now"),
    "int_identity__hub_suspects": Whole("suspects_now"),
    "int_identity__values": ByValue(("identifier_type", "raw_value", "phone_country"), "int_identity__observed"),
    "int_identity__object_owners": ByObject(),
    "int_identity__assignments": Appended(),
    "int_customers__due": ByCustomer(),
}

# Read by models of everybody.
FOR_EVERYBODY: dict[str, Rule] = {
    "int_records__unioned": ByUnit(_MESSAGE),
    "int_records__internal": ByUnit(_MESSAGE),
    "int_records__stated_amounts": ByUnit("event_key"),
    "int_records__written_amounts": ByUnit("event_key"),
    "int_service__ticket_channels": ByUnit(_TICKET),
    "int_service__ticket_status": ByUnit(_TICKET),
    "int_service__case_tickets": ByUnit(_TICKET),
    "int_service__contact_causes": ByUnit(_TICKET),
    "int_touchpoints__classified": ByUnit(_MESSAGE),
    "int_touchpoints__unioned": ByCustomer("record", "touchpoint_id"),
    "int_touchpoints__keys": ByCustomer("record", "touchpoint_id"),
    "int_journeys__touchpoints": ByCustomer("record", "touchpoint_id"),
    "int_journeys__conversions": ByCustomer("record", "touchpoint_id"),
    "int_journeys__messages": ByCustomer("record", "recipient"),
    "int_customers__internal": ByCustomer(),
    "int_customers__daily_sales": ByCustomer(),
    "int_consistency__price_sightings": ByCustomer("record", "record_key"),
    "int_consistency__contact_details": ByCustomer(),
    "int_consistency__consent_conflicts": ByCustomer(),
}
