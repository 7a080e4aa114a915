"""dbt, for as long as the process lives that started it.

dbt is a program of its own. Were that process killed alone, as the kernel does when memory runs out, dbt would go on
building to the end and nobody else could open the warehouse meanwhile, the next refresh least of all.
"""

import gc
import os
import signal
import sys
import time
from threading import Thread

STARTED_BY = "THROUGHLINE_DBT_STARTED_BY"
_SECONDS_BETWEEN_LOOKS = 0.5


def main() -> None:
    """Run dbt with the arguments of the command line."""
    parent = int(os.environ.get(STARTED_BY) or os.getppid())
    end_with(parent)
    # The parsed project stays to the end. To look through it for garbage again and again takes a twelfth of the time
    # of dbt itself, and frees some 250 MB.
    gc.disable()
    # Not above: it takes a second, and orchestration reads this file to know where it is.
    from dbt.cli.main import cli

    sys.exit(cli(prog_name="dbt"))


def end_with(parent: int) -> None:
    """Kill this process when its parent is gone."""
    Thread(target=_watch, args=[parent], daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    # Nothing gentler: a statement may be under way for an hour, and what is half built is as if it had not begun.
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
