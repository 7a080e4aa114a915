"""Accuracy of journeys, compared with the goals of the simulated retailer's people.

``python -m benchmarks.journeys`` takes the retailer through the pipeline to the marts and prints shares of
journeys and handoffs that are right, and why the others are not: first against what people meant, which no
record shows, then against the definition of the marts for whoever knew who everybody is. It exits with 1 if a
journey of people whose records are all under one customer is not as defined.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.journey_scores import Comparison, HandoffVerdict, Verdict
from benchmarks.journey_touches import read_inputs
from benchmarks.retailer import build, loaded
from simulator.plan import Plan

PEOPLE, SEED = 10_000, 7
V = TypeVar("V", Verdict, HandoffVerdict)


def main() -> None:
    """Print all shares and causes; exit with 1 if identity does not explain a wrong journey."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journeys", description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--folder", type=Path, help="keep the retailer here for the next time")
    options = parser.parse_args()
    plan = Plan(people=options.people, seed=SEED)
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as folder:
        warehouse = loaded(options.folder or Path(folder), plan)
        build(warehouse, plan)
        comparison = Comparison(read_inputs(warehouse), plan.until)
    goals, defined, handoffs = comparison.goals(), comparison.definition(), comparison.handoffs()
    known = [verdict for verdict in defined if verdict.is_one_customer]
    print(f"{plan.people:,} people, seed {plan.seed}: {len(comparison.inputs.touches):,} touchpoints")
    print_journeys("As the people meant it", goals, lambda verdict: verdict.story)
    print_journeys("As defined, if it were known who everybody is", defined, lambda verdict: verdict.kind)
    print_journeys("As defined, people under exactly one customer", known, lambda verdict: verdict.kind)
    print_handoffs(handoffs)
    sys.exit(int(any(not verdict.is_right for verdict in known)))


def print_journeys(title: str, verdicts: Sequence[Verdict], group: Callable[[Verdict], str]) -> None:
    """Print the shares of right journeys, all and by group, and the causes of the wrong ones."""
    print(f"\n{title:<46}{'journeys':>9}{'boundaries':>12}{'outcome':>9}{'both':>8}")
    for name, chosen in _grouped(verdicts, group):
        rights = ("has_boundaries", "has_outcome", "is_right")
        shares = [sum(getattr(one, right) for one in chosen) / len(chosen) for right in rights]
        print(f"  {name:<44}{len(chosen):>9,}{shares[0]:>12.1%}{shares[1]:>9.1%}{shares[2]:>8.1%}")
    _print_causes([verdict.cause for verdict in verdicts])


def print_handoffs(verdicts: Sequence[HandoffVerdict]) -> None:
    """Print, for each kind of true handoff, what the warehouse says, and the causes of the wrong ones."""
    columns = ("continued", "restarted", "unlinked", "no such handoff")
    print(f"\n{'Handoffs, as they truly went':<46}{'handoffs':>9}{'right':>8}  said to be")
    for name, chosen in _grouped(verdicts, _kind_of_handoff):
        said = Counter(verdict.outcome for verdict in chosen)
        results = ", ".join(f"{column} {said[column]:,}" for column in columns if said[column])
        right = sum(verdict.is_right for verdict in chosen) / len(chosen)
        print(f"  {name:<44}{len(chosen):>9,}{right:>8.1%}  {results}")
    _print_causes([verdict.cause for verdict in verdicts])


def _kind_of_handoff(verdict: HandoffVerdict) -> str:
    by = verdict.true.by
    return f"{verdict.true.outcome} by {by}" if by else verdict.true.outcome


def _grouped(verdicts: Sequence[V], group: Callable[[V], str]) -> Iterable[tuple[str, list[V]]]:
    """Yield all, then each group, the largest first."""
    groups: dict[str, list[V]] = {}
    for verdict in verdicts:
        groups.setdefault(group(verdict), []).append(verdict)
    if verdicts:
        yield "all", list(verdicts)
    yield from sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))


def _print_causes(causes: Sequence[str | None]) -> None:
    for cause, times in Counter(cause for cause in causes if cause).most_common():
        print(f"  {times / len(causes):>6.1%}  {times:>7,}  {cause}")


if __name__ == "__main__":
    main()
