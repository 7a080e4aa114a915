"""How fast the identity graph is solved, compared with SciPy's connected components on the same links.

Both start from a table of links between identifiers in a DuckDB file and end with a table of identifiers and their
components in it. They run in processes of their own, in turns. Imports and dbt's start, in which it compiles the
macros for the first model of a kind, are not in the times: a few links are solved before.
``python -m benchmarks.components --links 5000000`` runs it.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.turns import Figures, in_turns, report_figures

LINKS = 1_000_000
FEW_LINKS = 100
ROUNDS = 3
MOST_TIMES_SCIPY = 2.0
MOST_MEMORY_MB = 3_000
MACROS = Path(__file__).resolve().parents[1] / "dbt_project" / "macros"
MACRO_PATHS = [str(MACROS / "materializations")]
KINDS = (
    "['user_id:u-', 'email:customer-', 'phone:+1202', 'member_id:card-', 'loyalty_id:l-', 'social:insta:']"
)
LABELS = {"scipy": "SciPy", "dbt": "dbt"}


def main() -> None:
    """Run both in turns, print medians, their ratio and memory; exit with 1 if a limit is exceeded."""
    arguments = _arguments()
    if arguments.worker:
        report_figures(solve(arguments.worker, Path(arguments.folder)))
        return
    with tempfile.TemporaryDirectory(prefix="throughline-bench-") as name:
        folder = Path(name)
        nodes = write_links(folder / "base.duckdb", arguments.links, arguments.shape)
        print(
            f"{arguments.links:,} links, {nodes:,} identifiers, shape {arguments.shape}; {ROUNDS} rounds",
            flush=True,
        )
        runs = in_turns("benchmarks.components", LABELS, folder, ROUNDS)
        compare_answers(folder)
    sys.exit(_verdict(runs))


def write_links(database: Path, links: int, shape: str) -> int:
    """Write ``links`` links, the same every time; return how many identifiers there are.

    `people`: people of up to six identifiers with four links on average, a thousandth of them between two people.
    `random`: links between any two of as many identifiers as links, most of which are one component.
    """
    ends = {
        "people": f"""
            select
                {_identifier("hash(i) % (n // 4)", "hash(i, 1) % 6")} as left_node,
                case when hash(i, 2) % 1000 = 0
                    then {_identifier("hash(i, 3) % (n // 4)", "hash(i, 4) % 6")}
                    else {_identifier("hash(i) % (n // 4)", "hash(i, 4) % 6")}
                end as right_node,
            """,
        "random": f"""
            select
                {_identifier("hash(i, 1) % (n // 6)", "hash(i, 2) % 6")} as left_node,
                {_identifier("hash(i, 3) % (n // 6)", "hash(i, 4) % 6")} as right_node,
            """,
    }[shape]
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"""
            create schema raw;
            create table raw.links as {ends} from (select i, {links} as n from range({links}) as t(i));
        """)
        answer = connection.execute(
            "select count(*) from (select left_node from raw.links union select right_node from raw.links)"
        ).fetchone()
    assert answer is not None
    return int(answer[0])


def _identifier(person: str, kind: str) -> str:
    return f"({KINDS})[1 + ({kind})::int] || lpad(({person})::varchar, 9, '0')"


def solve(worker: str, folder: Path) -> float:
    """Run one of them; seconds of wall time."""
    database = folder / f"{worker}.duckdb"
    shutil.copy(folder / "base.duckdb", database)
    return _scipy(database) if worker == "scipy" else _dbt(database)


def _scipy(database: Path) -> float:
    """SciPy on the same table: identifiers numbered by Arrow, components named by their smallest identifier."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    started = time.monotonic()
    with duckdb.connect(str(database)) as connection:
        links = connection.sql("select left_node, right_node from raw.links").to_arrow_table()
        ends = pa.chunked_array([*links["left_node"].chunks, *links["right_node"].chunks])
        encoded = ends.combine_chunks().dictionary_encode()
        numbers = encoded.indices.to_numpy()
        left, right = numbers[: len(links)], numbers[len(links) :]
        size = len(encoded.dictionary)
        graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
        _, labels = connected_components(graph, directed=False)
        by_name = pc.sort_indices(encoded.dictionary).to_numpy()
        _, first = np.unique(labels[by_name], return_index=True)
        names = encoded.dictionary.take(pa.array(by_name[first][labels]))
        connection.register("solved", pa.table({"node": encoded.dictionary, "component": names}))
        connection.execute("create table components as select node, component from solved")
    return time.monotonic() - started


def _dbt(database: Path) -> float:
    """Build a dbt model of the materialization; seconds that dbt says the model took."""
    few = database.with_name(f"few_{database.name}")
    few.unlink(missing_ok=True)
    write_links(few, FEW_LINKS, "people")
    _dbt_run(few)
    return _dbt_run(database)


def _dbt_run(database: Path) -> float:
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.artifacts.schemas.run import RunExecutionResult
    from dbt.cli.main import dbtRunner

    project = database.with_suffix("")
    _write_project(project)
    os.environ["BENCHMARK_DATABASE"] = str(database)
    places = [f"--project-dir={project}", f"--profiles-dir={project}", f"--log-path={project}"]
    answer = dbtRunner().invoke(["run", *places, "--log-level=none"])
    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]  # dbt leaves it untyped
    if not isinstance(answer.result, RunExecutionResult) or not answer.success:
        raise RuntimeError(f"dbt failed: {answer.exception or answer.result}")
    return float(answer.result.results[0].execution_time)


def _write_project(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "models").mkdir(parents=True)
    files = {
        "dbt_project.yml": f"""
            {{name: components, profile: components, config-version: 2, macro-paths: {MACRO_PATHS},
            flags: {{send_anonymous_usage_stats: false}}}}
        """,
        "profiles.yml": """
            components: {target: duckdb, outputs: {duckdb: {
              type: duckdb, threads: 2, path: "{{ env_var('BENCHMARK_DATABASE') }}"}}}
        """,
        "models/components.sql": """
            {{ config(materialized='connected_components') }}
            select left_node, right_node from raw.links
        """,
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")


def compare_answers(folder: Path) -> None:
    """Raise if SciPy and dbt find different components."""
    with duckdb.connect() as connection:
        for worker in LABELS:
            connection.execute(f"attach '{folder / worker}.duckdb' as {worker} (read_only)")
        differing = connection.execute(
            "select count(*) from (from scipy.components except from dbt.components)"
            " union all select count(*) from (from dbt.components except from scipy.components)"
        ).fetchall()
        if differing != [(0,), (0,)]:
            raise RuntimeError(f"SciPy and dbt find different components: {differing}")


def _verdict(runs: dict[str, list[Figures]]) -> int:
    """Print medians and what they are to the limits; 1 if a limit is broken."""
    median = {label: statistics.median(r["seconds"] for r in results) for label, results in runs.items()}
    memory = max(result["memory_mb"] for result in runs["dbt"])
    for label, text in LABELS.items():
        print(f"{text:<10} {median[label]:7.2f} s (median)")
    times_scipy = median["dbt"] / median["scipy"]
    print(f"dbt needs {times_scipy:.2f} times as long as SciPy (at most {MOST_TIMES_SCIPY})")
    print(f"peak memory of dbt's process: {memory:,.0f} MB (at most {MOST_MEMORY_MB:,})")
    return int(times_scipy > MOST_TIMES_SCIPY or memory > MOST_MEMORY_MB)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=LINKS)
    parser.add_argument("--shape", choices=("people", "random"), default="people")
    parser.add_argument("--worker", choices=tuple(LABELS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
