"""dbt's own pages are one file that opens from disk, begin with our overview, and need no warehouse.

To parse the metrics takes no MetricFlow: what builds the warehouse does not pay for it.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "dbt_project"


# Prints which of MetricFlow's packages dbt has loaded.
RUN = """
import sys
from dbt.cli.main import dbtRunner
done = dbtRunner().invoke(["--quiet", *sys.argv[1:]])
assert done.success, done.exception
print(sorted({name.partition(".")[0] for name in sys.modules} & {"metricflow", "metricflow_semantics"}))
"""


def dbt(target: Path, *arguments: str) -> str:
    """Run a command of dbt with a target folder of its own, and return the last line that it printed."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments, "--target-path", str(target)],
        cwd=PROJECT,
        env={**os.environ, "WAREHOUSE_PATH": str(target / "none.duckdb")},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.splitlines()[-1]


def test_the_page_is_one_file_with_our_overview(tmp_path: Path) -> None:
    assert dbt(tmp_path, "parse") == "[]"
    assert dbt(tmp_path, "docs", "generate", "--no-compile", "--empty-catalog", "--static") == "[]"
    page = (tmp_path / "static_index.html").read_text(encoding="utf-8")
    assert "Who each customer is and what they did" in page
    assert "metric.throughline.continuity_rate" in page
    assert "exposure.throughline.customer_360" in page
    assert not re.search(r"""<(?:script|link)[^>]+(?:src|href)=["'](?:https?:)?//""", page)
    assert '"send_anonymous_usage_stats": false' in page
    assert not (tmp_path / "none.duckdb").exists()


def test_the_overview_links_to_models_that_there_are() -> None:
    overview = (PROJECT / "models" / "overview.md").read_text(encoding="utf-8")
    linked = re.findall(r"\(#!/model/model\.throughline\.(\w+)\)", overview)
    assert len(linked) > 15
    assert set(linked) <= {file.stem for file in PROJECT.rglob("*.sql")}
