"""Which tables the warehouse keeps between runs, and how the rows of a slice replace rows of the warehouse.

A model's YAML declares it. With the tag `parameters` it is fitted to all customers by full builds, and slices only read
it. With the tag `everybody` it is rebuilt after each slice from kept tables; so is a mart without `customer_id`. Any
other mart is merged, by default `{by: customer}`, and so is an intermediate table with `meta: {merge: ...}`: the state
from which the next slice is found, and tables that models of everybody read. All other tables exist in a slice only.

`merge` is one of

- `{by: customer}`: rows of the touched customers. With `otherwise` and `key`, rows without a customer by the record,
  object or case that the key names.
- `{by: record, key}`, `{by: ticket}`, `{by: case}`, `{by: unit}`: rows of the touched records, tickets, cases, units.
- `{by: identifier, key}`: rows in which all these columns are identifiers that the slice has whole.
- `{by: object}`: rows of orders, bookings, applications and tickets that the slice has whole.
- `{by: value, key, shown_by}`: rows that depend on a value only. New values are added, unused ones removed.
- `{by: closure, key}`: all rows, from a table of the closure.
- `{by: run}`: rows of this run are added.
"""

from collections.abc import Mapping
from typing import Any

from slices.plan import Model, Plan

Rule = Mapping[str, Any]
EVERYBODY = "everybody"
PARAMETERS = "parameters"
# A closure cannot be found without these.
NEEDED = ("int_identity__assignments", "int_records__object_names", "int_customers__due")


def parameters(plan: Plan) -> set[str]:
    """Return the models that are fitted to all customers."""
    return {name for name, model in plan.models.items() if PARAMETERS in model.config["tags"]}


def everybody(plan: Plan) -> set[str]:
    """Return the models that are rebuilt after each slice."""
    return {name for name, model in plan.models.items() if _is_of_everybody(model)}


def merged(plan: Plan) -> dict[str, Rule]:
    """Return the models whose rows a slice replaces, with their rule."""
    rules = {name: _rule(model) for name, model in plan.models.items()}
    return {name: rule for name, rule in rules.items() if rule}


def histories(plan: Plan) -> set[str]:
    """Return the customer models that append to their own table, and so read it."""
    return {
        name
        for name, rule in merged(plan).items()
        if rule["by"] == "customer" and plan.models[name].config.get("incremental_strategy") == "append"
    }


def kept(plan: Plan) -> set[str]:
    """Return all models whose tables the warehouse keeps."""
    return parameters(plan) | everybody(plan) | set(merged(plan))


def why_no_slices(plan: Plan) -> str:
    """Return why no slice of this project can be built, or an empty text."""
    lacking = [name for name in NEEDED if name not in plan.models]
    if lacking:
        return f"the project has no model {lacking[0]}"
    there = kept(plan)
    for name in sorted(everybody(plan)):
        unkept = [
            parent for parent in plan.models[name].parents if parent in plan.models and parent not in there
        ]
        if unkept:
            return f"{name}, a model of everybody, reads {unkept[0]}, which is not kept (docs/slices.md)"
    return ""


def _is_of_everybody(model: Model) -> bool:
    if EVERYBODY in model.config["tags"]:
        return True
    return model.layer == "marts" and not _rule(model) and PARAMETERS not in model.config["tags"]


def _rule(model: Model) -> Rule:
    if {EVERYBODY, PARAMETERS} & set(model.config["tags"]):
        return {}
    given: Rule | None = model.config["meta"].get("merge")
    if given is None and model.layer == "marts" and "customer_id" in model.columns:
        return {"by": "customer"}
    return given or {}
