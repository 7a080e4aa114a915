"""`python -m spark.trial`: builds the raw tables of a DuckDB warehouse on Spark, and compares what both engines built.

It begins with no tables of its own in SPARK_FOLDER. The warehouse was built at the same RUN_AT and IDENTITY_SALT.
"""

import argparse
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from spark.__main__ import by_hand
from spark.cluster import HOST, Cluster, cluster
from spark.compare import LAYERS
from spark.compare import main as compare_all
from spark.raw import register_raw
from spark.session import open_session
from spark.settings import folder_of


def main(arguments: list[str]) -> int:
    """Build and compare; 1 where a model or test fails, or a table differs."""
    asked = _parser().parse_args(arguments)
    with _workers(asked.workers, asked.kill_worker_at):
        register_raw(open_session())
        done = by_hand(["build", *asked.dbt])
    if not done:
        print("The build on Spark failed; its log is in", folder_of() / "logs", file=sys.stderr)
        return 1
    return compare_all(tuple(asked.layers), only_built=bool(asked.dbt))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m spark.trial")
    parser.add_argument(
        "--workers", type=int, default=0, help="of a cluster of its own; none: in this process"
    )
    parser.add_argument("--kill-worker-at", help="a model: when it begins, a worker is killed")
    parser.add_argument("--layers", nargs="+", default=LAYERS, choices=LAYERS)
    parser.add_argument(
        "dbt", nargs="*", help="options of `dbt build`, after --; only what is built is then compared"
    )
    return parser


@contextmanager
def _workers(count: int, kill_at: str | None) -> Iterator[None]:
    if not count:
        yield
        return
    with cluster(folder_of() / "cluster", workers=count) as running:
        os.environ |= {"SPARK_MASTER": running.master, "SPARK_LOCAL_IP": HOST}
        if kill_at:
            threading.Thread(target=_kill, args=[running, kill_at], daemon=True).start()
        yield


def _kill(running: Cluster, model: str) -> None:
    """Kill a worker, with its executor, when dbt's log says that the model is being built."""
    log, sign = folder_of() / "logs" / "dbt.log", f"Began running node model.throughline.{model}\n"
    while not (log.exists() and sign in log.read_text(encoding="utf-8", errors="replace")):
        time.sleep(0.2)
    running.workers[0].kill()
    print("A worker was killed.", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
