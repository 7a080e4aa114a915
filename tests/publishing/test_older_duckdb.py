"""Other releases of DuckDB open the published file, each in an environment of its own."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from publishing import Publication

READ = """
import duckdb, json, sys
with duckdb.connect(sys.argv[1], read_only=True) as marts:
    orders = marts.execute("select order_id, cast(net_total as double) from fct_orders order by 1").fetchall()
    described = marts.execute("select count(*) from duckdb_columns() where comment is not null").fetchone()[0]
    [rows] = marts.execute("select row_counts['fct_orders'] from publication").fetchone()
print(json.dumps([duckdb.__version__, orders, described, rows[0] if isinstance(rows, list) else rows]))
"""


@pytest.mark.parametrize("release", ["1.4.4", "1.5.6"])
def test_an_older_release_reads_the_file(
    publish_again: Callable[..., Publication], marts: Path, tmp_path: Path, release: str
) -> None:
    libraries = tmp_path / release
    uv = Path(sys.executable).with_name("uv")
    options = ["--quiet", "--python", sys.executable, "--target", str(libraries)]
    installed = subprocess.run(
        [uv, "pip", "install", *options, f"duckdb=={release}"], capture_output=True, text=True, timeout=300
    )
    if installed.returncode:
        pytest.skip(f"duckdb {release} cannot be installed here: {installed.stderr.strip()[-200:]}")
    publish_again()
    with duckdb.connect(marts, read_only=True) as connection:
        counted = connection.execute("select count(*) from duckdb_columns() where comment is not null")
        [described] = counted.fetchall()[0]
    read = subprocess.run(
        [sys.executable, "-c", READ, str(marts)],
        env={"PYTHONPATH": str(libraries)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(read.stdout) == [release, [["o1", 10.5], ["o2", 20.0]], described, 2]
