"""Shows what a changed identity rule would do: who would be merged and who split.

``python -m stewardship.what_if email.max_values_per_person=1 phone.max_people_per_value=2``

The rules are changed in a copy of the warehouse and the dbt project, and the same models resolve identity there;
the warehouse and the project themselves are only read.
"""

import argparse
import csv
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb

from printable import escaped
from security.private import keep_files_private
from stewardship.rebuild import RebuildError, rebuild
from stewardship.warehouse import WarehouseError, copy_warehouse, opened, project_path, warehouse_path
from storage.sessions import MEMORY_OF_WHOLE_TABLES, attach, open_file

RULES = Path("seeds/identity_rules.csv")
# The models between the rules and people.
SELECTION = "identity_rules+,+int_identity__people"
LIMITS = ("max_values_per_person", "max_people_per_value", "priority")


class RuleError(ValueError):
    """The change names no rule of the seed; the message says which part is wrong and lists the rules."""


@dataclass(frozen=True)
class RuleChange:
    """A new value for one limit of one identifier type."""

    identifier_type: str
    limit: str
    value: str


@dataclass(frozen=True)
class Outcome:
    """Merges, as lists of customers, and splits, as lists of identifiers by customer."""

    merges: tuple[tuple[str, ...], ...]
    splits: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


def rule_change(written: str) -> RuleChange:
    """Parse a change ``type.limit=value``; raises ``RuleError`` if it has another form."""
    name, equals, value = written.partition("=")
    identifier_type, dot, limit = name.partition(".")
    if not (equals and dot and value.isdigit()):
        raise RuleError(f"'{written}' is not type.limit=number, such as email.max_values_per_person=3")
    if limit not in LIMITS:
        raise RuleError(f"'{limit}' is no limit of identity_rules; there are {', '.join(LIMITS)}")
    return RuleChange(identifier_type, limit, value)


def write_changed_rules(path: Path, changes: list[RuleChange]) -> None:
    """Write the changes into the seed file at ``path``; raises ``RuleError`` for a type that it lacks."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        columns = list(reader.fieldnames or ())
        rows = {row["identifier_type"]: row for row in reader}
    for change in changes:
        if change.identifier_type not in rows:
            raise RuleError(
                f"identity_rules has no type '{change.identifier_type}'; it has {', '.join(rows)}"
            )
        rows[change.identifier_type][change.limit] = change.value
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows.values())


def compare(warehouse: Path, changed: Path) -> Outcome:
    """Return the merges and splits from the people of ``warehouse`` to those of ``changed``."""
    with open_file(changed, read_only=True, memory_limit=MEMORY_OF_WHOLE_TABLES) as connection:
        attach(connection, warehouse, "before_change")
        merges = connection.execute(
            """
            select list_sort(list(distinct earlier.customer_id))
            from intermediate.int_identity__clusters as later
            inner join before_change.intermediate.int_identity__people as earlier using (node)
            group by later.component
            having count(distinct earlier.customer_id) > 1
            order by 1
            """
        ).fetchall()
        splits = connection.execute(
            """
            with parts as (
                select earlier.customer_id, later.component, list_sort(list(node)) as nodes
                from intermediate.int_identity__clusters as later
                inner join before_change.intermediate.int_identity__people as earlier using (node)
                group by all
            )
            select customer_id, list_sort(list(nodes))
            from parts
            group by customer_id
            having count(*) > 1
            order by 1
            """
        ).fetchall()
    return Outcome(
        tuple(tuple(customers) for (customers,) in merges),
        tuple((customer, tuple(tuple(nodes) for nodes in parts)) for customer, parts in splits),
    )


def simulate(warehouse: Path, changes: list[RuleChange], project: Path) -> Outcome:
    """Return who would be merged and split if ``changes`` were made to the rules of ``project``.

    The warehouse is only read; its copy is next to it, on the same disk. Raises ``RuleError``, ``RebuildError``, or
    ``WarehouseError`` if the warehouse cannot be read.
    """
    with opened(warehouse):
        pass
    with tempfile.TemporaryDirectory(prefix="throughline-what-if-", dir=warehouse.parent) as folder:
        changed, copy = Path(folder) / "dbt_project", Path(folder) / warehouse.name
        shutil.copytree(project, changed, ignore=shutil.ignore_patterns("target", "logs"))
        write_changed_rules(changed / RULES, changes)
        copy_warehouse(warehouse, copy)
        rebuild(changed, copy, ["--select", SELECTION])
        return compare(warehouse, copy)


def in_words(outcome: Outcome, limit: int = 20) -> str:
    """The outcome in words, the first ``limit`` merges and splits in full."""
    lines = [f"{len(outcome.merges)} groups of customers would merge, {len(outcome.splits)} would split"]
    lines += [f"  merged: {' + '.join(customers)}" for customers in outcome.merges[:limit]]
    for customer, parts in outcome.splits[:limit]:
        lines.append(f"  split: {customer}")
        lines += [f"    {', '.join(nodes)}" for nodes in parts]
    return "\n".join(map(escaped, lines))


def main(arguments: list[str] | None = None) -> int:
    """Print who would be merged and split; return 2 if identity cannot be resolved."""
    parser = argparse.ArgumentParser(
        prog="python -m stewardship.what_if", description=__doc__.splitlines()[0]
    )
    parser.add_argument("changes", nargs="+", metavar="type.limit=number")
    given = parser.parse_args(arguments)
    keep_files_private()
    try:
        changes = [rule_change(written) for written in given.changes]
        print(f"Rebuilding identity in a copy, with {', '.join(given.changes)} ...", flush=True)
        outcome = simulate(warehouse_path(), changes, project_path())
    except (RuleError, WarehouseError, duckdb.IOException) as error:
        print(error, file=sys.stderr)
        return 2
    except RebuildError as error:
        print(f"identity cannot be resolved with these rules:\n{error}", file=sys.stderr)
        return 2
    print(in_words(outcome))
    return 0


if __name__ == "__main__":
    sys.exit(main())
