"""A standalone cluster of Spark on this machine: a master and workers as processes of their own, on 127.0.0.1."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

HOST = "127.0.0.1"
SPARK_CLASS = Path(pyspark.__file__).parent / "bin" / "spark-class"
# How long a process may take to say that it is there.
SECONDS = 300.0


class ClusterError(RuntimeError):
    """A process of the cluster did not start; the message ends with what it wrote last."""


@dataclass(frozen=True)
class Cluster:
    """The address of the master, and the processes of the workers."""

    master: str
    workers: tuple["subprocess.Popen[bytes]", ...]


@contextmanager
def cluster(folder: Path, workers: int = 2, memory: str = "1500m", cores: int = 1) -> Iterator[Cluster]:
    """Start a cluster and end it; its logs are in ``folder``, and each worker has as much as said."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        _, master = _start(
            stack,
            folder / "master.log",
            ["org.apache.spark.deploy.master.Master", "--host", HOST, "--port", "0", "--webui-port", "0"],
            r"Starting Spark master at (spark://\S+)",
        )
        started = [
            _start(
                stack,
                folder / f"worker_{number}.log",
                [
                    "org.apache.spark.deploy.worker.Worker",
                    *("--host", HOST, "--webui-port", "0", "--cores", str(cores), "--memory", memory),
                    *("--work-dir", str(folder / f"worker_{number}"), master),
                ],
                r"(Successfully registered with master)",
            )[0]
            for number in range(workers)
        ]
        yield Cluster(master, tuple(started))


def _start(
    stack: ExitStack, log: Path, arguments: list[str], sign: str
) -> tuple["subprocess.Popen[bytes]", str]:
    """Start a process, wait until its log shows the sign, and return both; the stack ends it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [SPARK_CLASS, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "256m"},
        )
    stack.callback(_end, process)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        found = re.search(sign, log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return process, found[1]
        time.sleep(0.2)
    raise ClusterError(
        f"{arguments[0]} did not start: {log.read_text(encoding='utf-8', errors='replace')[-500:]}"
    )


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
