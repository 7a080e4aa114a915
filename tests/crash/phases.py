"""The phase of a refresh in which a kill falls, from its printed steps and its log."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PHASES = {
    "loading": ("ingest_",),
    "raw checks": ("raw_gate", "close_ledger", "ledger_gate"),
    "dbt": ("dbt_build",),
    "marts checks": ("marts_gate",),
    "publishing": ("published__",),
}
# Before its first step a refresh parses the project and creates its run.
STARTING = "starting"
_ENDED = re.compile(r"^  (\S.*?) +done +([\d.]+) s$", re.MULTILINE)
_BEGAN = re.compile(r'Started execution of step "(\w+)"')


@dataclass(frozen=True)
class Step:
    """A completed step of a refresh, with its duration."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Instant:
    """So many seconds after the log of a refresh has a sign, or when it has the sign ``latest``, if that is earlier."""

    sign: str
    seconds: float
    latest: str


def steps_of(output: str) -> list[Step]:
    """Return the steps of a refresh from its output."""
    return [Step(name.replace(" ", "__"), float(seconds)) for name, seconds in _ENDED.findall(output)]


def instant_in(phase: str, steps: Sequence[Step], share: float) -> Instant:
    """Return the instant at which such a share of a phase is over, where its steps take as long as these did.

    Where they take less, as on a machine that has less else to do, it is the end of a step at the latest.
    """
    of_phase = [step for step in steps if step.name.startswith(PHASES[phase])]
    seconds = share * sum(step.seconds for step in of_phase)
    for step in of_phase[:-1]:
        if seconds <= step.seconds:
            return _in(step, seconds)
        seconds -= step.seconds
    return _in(of_phase[-1], seconds)


def _in(step: Step, seconds: float) -> Instant:
    return Instant(_began(step.name), seconds, latest=f'Finished execution of step "{step.name}"')


def _began(step: str) -> str:
    return f'Started execution of step "{step}"'


def while_starting(seconds: float) -> Instant:
    """Return an instant before the first step: so many seconds after the start, or when a source begins to load."""
    return Instant("", seconds, latest=_began(PHASES["loading"][0]).rstrip('"'))


def phase_under_way(log: str) -> str:
    """Return the phase of the step that began last, by the log of a refresh that was killed."""
    began = _BEGAN.findall(log)
    if not began:
        return STARTING
    return next(phase for phase, steps in PHASES.items() if began[-1].startswith(steps))
