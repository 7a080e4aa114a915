"""`make slice CUSTOMER=... | ORDER=... | EMAIL=... | SAMPLE=1000`: some customers' records in data/slice.duckdb.

`dbt build --target slice` in `dbt_project/` builds them as plain tables, so that any model can be edited and built on
real data in seconds. The warehouse is only read.
"""

import os
import sys
from datetime import UTC
from pathlib import Path

import duckdb

from security.private import keep_files_private
from slices.develop import NobodyError, customers_of, write_world
from slices.warehouse import NoPlanError, plan_to_read
from storage.sessions import MEMORY_OF_WHOLE_TABLES, open_in_memory

KINDS = ("CUSTOMER", "ORDER", "EMAIL", "SAMPLE")


def main() -> int:
    """Write the slice and print how to build it; return 0, or 1 with a message."""
    keep_files_private()
    asked = {kind: os.environ[kind].strip() for kind in KINDS if os.environ.get(kind, "").strip()}
    if len(asked) != 1:
        print(
            f"Choose the customers with one of {', '.join(kind + '=...' for kind in KINDS)}.",
            file=sys.stderr,
        )
        return 1
    ((kind, value),) = asked.items()
    warehouse = Path(os.environ.get("WAREHOUSE_PATH") or "data/warehouse.duckdb").absolute()
    file = Path(os.environ.get("SLICE_PATH") or warehouse.with_name("slice.duckdb")).absolute()
    project = Path(os.environ.get("DBT_PROJECT_DIR") or "dbt_project").absolute()
    try:
        plan = plan_to_read(warehouse, plans=warehouse.with_name("dbt_plan"), project=project)
        with open_in_memory(MEMORY_OF_WHOLE_TABLES, kept=warehouse) as connection:
            customers = customers_of(connection, kind, value)
        world = write_world(warehouse, file, plan, customers, MEMORY_OF_WHOLE_TABLES)
    except (NobodyError, NoPlanError, duckdb.Error) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 1
    print(f"{world.records:,} records of {world.customers:,} customers and their context are in {file}.")
    print("Build them, and whatever you edit, with")
    clock = plan.run_at.astimezone(UTC).isoformat()
    print(f"  cd {project.name} && SLICE_PATH={file} RUN_AT={clock} dbt build --target slice")
    return 0


if __name__ == "__main__":
    sys.exit(main())
