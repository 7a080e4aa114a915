"""dbt's own pages are one file that opens from disk, begin with our overview, and need no warehouse."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "dbt_project"


def dbt(target: Path, *arguments: str) -> None:
    subprocess.run(
        [Path(sys.executable).with_name("dbt"), "--quiet", *arguments, "--target-path", str(target)],
        cwd=PROJECT,
        env={**os.environ, "WAREHOUSE_PATH": str(target / "none.duckdb")},
        check=True,
    )


def test_the_page_is_one_file_with_our_overview(tmp_path: Path) -> None:
    dbt(tmp_path, "parse")
    dbt(tmp_path, "docs", "generate", "--no-compile", "--empty-catalog", "--static")
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
