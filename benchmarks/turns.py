"""Rounds of a benchmark: each side in a process of its own, in turns, with its seconds and its peak memory.

The module is started again as ``python -m <module> --worker <side> --folder <folder>``, and returns figures with
`report_figures`.
"""

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

Figures = dict[str, float]


def in_turns(module: str, sides: Mapping[str, str], folder: Path, rounds: int) -> dict[str, list[Figures]]:
    """Run every side once a round, in their order; print and return what each took. `sides` have their labels."""
    width = max(len(label) for label in sides.values())
    runs: dict[str, list[Figures]] = {side: [] for side in sides}
    for number in range(1, rounds + 1):
        for side, label in sides.items():
            runs[side].append(_in_a_process(module, side, folder))
            print(f"  round {number}  {label:<{width}} {_shown(runs[side][-1])}", flush=True)
    return runs


def report_figures(seconds: float) -> None:
    """Print the figures of a worker: its seconds, and the peak memory of its process in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory_mb": peak}))


def _in_a_process(module: str, side: str, folder: Path) -> Figures:
    command = [sys.executable, "-m", module, "--worker", side, "--folder", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _shown(figures: Figures) -> str:
    return f"{figures['seconds']:7.2f} s  {figures['memory_mb']:7,.0f} MB"
