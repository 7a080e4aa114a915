"""`python -m spark.trial`: builds the raw tables of a DuckDB warehouse on Spark, and compares what both engines built.

It begins with no tables of its own in SPARK_FOLDER. The warehouse was built at the same RUN_AT and IDENTITY_SALT.
"""

import argparse
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spark.__main__ import run_dbt
from spark.cluster import HOST, Cluster, cluster
from spark.compare import LAYERS
from spark.compare import main as compare_all
from spark.raw import export_raw, register_raw
from spark.session import folder_of, open_session


def main(arguments: list[str]) -> int:
    """Build and compare; 1 where a model or test fails, or a table differs."""
    asked = _parser().parse_args(arguments)
    with _workers(asked.workers, asked.kill_worker_after):
        lake = folder_of() / "raw"
        shutil.rmtree(lake, ignore_errors=True)
        export_raw(Path(os.environ["WAREHOUSE_PATH"]).absolute(), lake)
        session = open_session()
        register_raw(session, lake)
        done = run_dbt(["build", *asked.dbt])
    if not done:
        print("The build on Spark failed; its log is in", folder_of() / "logs", file=sys.stderr)
        return 1
    return compare_all(tuple(asked.layers), only_built=bool(asked.dbt))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m spark.trial")
    parser.add_argument(
        "--workers", type=int, default=0, help="of a cluster of its own; none: in this process"
    )
    parser.add_argument("--kill-worker-after", type=float, help="seconds; the others do its work")
    parser.add_argument("--layers", nargs="+", default=LAYERS, choices=LAYERS)
    parser.add_argument(
        "dbt", nargs="*", help="options of `dbt build`, after --; only what is built is then compared"
    )
    return parser


@contextmanager
def _workers(count: int, kill_after: float | None) -> Iterator[None]:
    if not count:
        yield
        return
    with cluster(folder_of() / "cluster", workers=count) as running:
        os.environ |= {"SPARK_MASTER": running.master, "SPARK_LOCAL_IP": HOST}
        killer = threading.Timer(kill_after or 0, _kill, [running])
        if kill_after:
            killer.start()
        yield
        killer.cancel()


def _kill(running: Cluster) -> None:
    running.workers[0].kill()
    print("A worker was killed.", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
