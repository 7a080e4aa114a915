"""`python -m orchestration.child <module> <arguments>`: a program that ends with the process that started it.

Killed, `orchestration.ui` cannot stop Dagster's daemon and code server. Left alone they would go on launching runs, and
the next daemon would refuse to start beside them.
"""

import os
import runpy
import sys

from orchestration.dbt_program import end_with

STARTED_BY = "THROUGHLINE_STARTED_BY"


def main() -> None:
    """Run the module that the command line names, as `python -m` does."""
    parent = int(os.environ.pop(STARTED_BY, "") or os.getppid())
    end_with(parent)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
