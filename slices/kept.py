"""What the warehouse keeps between runs, and by what the rows of a slice take the place of those that were there.

A model says so in its YAML. Tagged `parameters`, it is fitted to everybody by a whole build, and a slice reads it as it
is. Tagged `everybody`, it is built whole after each slice, from what is kept; so is a mart without `customer_id`. Any
other mart is merged, by default `{by: customer}`, and so is an intermediate table with `meta: {merge: ...}`: the state
from which the next slice is found, and what models of everybody read. All other tables exist in a slice only.

`merge` is one of

- `{by: customer}`: rows of the touched customers. With `otherwise` and `key`, rows without a customer by the record,
  object or case that the key names.
- `{by: record, key}`, `{by: ticket}`, `{by: case}`, `{by: unit}`: rows of the touched records, tickets, cases, units.
- `{by: identifier, key}`: rows of which all these columns are identifiers that the slice has whole.
- `{by: object}`: rows of orders, bookings, applications and tickets that the slice has whole.
- `{by: value, key, shown_by}`: what follows from a value alone. New ones are added, those that no row shows go.
- `{by: closure, key}`: all rows, from a table that the closure has made.
- `{by: run}`: rows of this run are added.
"""

from collections.abc import Mapping
from typing import Any

from slices.plan import Model, Plan

Rule = Mapping[str, Any]
EVERYBODY = "everybody"
PARAMETERS = "parameters"
# Without these there is no state to find a closure from.
NEEDED = ("int_identity__assignments", "int_records__object_names", "int_customers__due")


def parameters(plan: Plan) -> set[str]:
    """Return the models that are fitted to everybody."""
    return {name for name, model in plan.models.items() if PARAMETERS in model.config["tags"]}


def everybody(plan: Plan) -> set[str]:
    """Return the models that are built whole after each slice."""
    return {name for name, model in plan.models.items() if _is_of_everybody(model)}


def merged(plan: Plan) -> dict[str, Rule]:
    """Return the models of which a slice replaces rows, with their rule."""
    rules = {name: _rule(model) for name, model in plan.models.items()}
    return {name: rule for name, rule in rules.items() if rule}


def histories(plan: Plan) -> set[str]:
    """Return the models of customers that add to what earlier runs found of them, and so read their own table."""
    return {
        name
        for name, rule in merged(plan).items()
        if rule["by"] == "customer" and plan.models[name].config.get("incremental_strategy") == "append"
    }


def kept(plan: Plan) -> set[str]:
    """Return all models whose tables the warehouse keeps."""
    return parameters(plan) | everybody(plan) | set(merged(plan))


def why_no_slices(plan: Plan) -> str:
    """Say why no slice of this project can be built, or nothing."""
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
