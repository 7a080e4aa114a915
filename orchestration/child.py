"""Runs a module as `python -m` does, in a process that ends with the process that started it.

    python -m orchestration.child <module> <arguments>     Dagster's daemon and code server, for `orchestration.ui`
    python -P orchestration/child.py dbt.cli.main build    dbt, for a refresh; imports nothing of this project

If a refresh is killed alone, as the kernel does when memory runs out, dbt would keep building and keep the warehouse
locked for the next refresh. If `orchestration.ui` is killed, its daemon would keep launching runs, and the next daemon
would refuse to start next to it.
"""

import gc
import os
import runpy
import signal
import sys
import time
from threading import Thread

STARTED_BY = "THROUGHLINE_STARTED_BY"
DBT = "dbt.cli.main"
_SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    """Run the module that the command line names, until it ends or the process that started this one does."""
    end_with(int(os.environ.pop(STARTED_BY, "") or os.getppid()))
    sys.argv = sys.argv[1:]
    if sys.argv[0] == DBT:
        # The parsed project stays in memory to the end. Looking through it for garbage at every 700 new objects takes
        # a twelfth of dbt's time; never doing so takes 690 MB.
        gc.set_threshold(200_000, 20, 20)
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def end_with(parent: int) -> None:
    """Kill this process when its parent is gone."""
    Thread(target=_watch, args=[parent], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    # Nothing gentler: a statement may run for an hour, and an interrupted build leaves nothing half done.
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
