"""Data Docs: a static site per run, next to the warehouse, that needs nothing from the network.

    data_docs/<run>/index.html             every table of the run and its verdict
    data_docs/<run>/<schema>/<table>.html  a table's expectations and findings
    data_docs/latest                       a link to the newest run's folder

Great Expectations renders the findings. The page around them is ours, because its own loads scripts, styles and images
from eight hosts.
"""

import json
import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.suites import LAYERS, Suite
from expectations.verdict import Verdict

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from jinja2 import Template

KEPT_RUNS = 20
# Great Expectations' titles, and ours for the same columns.
_TITLES = {"Observed Value": "Rows that break it", "Table-Level Expectations": "Expectations"}
_TEMPLATES = Path(__file__).parent / "templates"


def start_run(root: Path, name: str) -> Path:
    """Create the folder of a run's pages, link `latest` to it and remove all but the last few runs."""
    folder = root / name
    folder.mkdir(parents=True, exist_ok=True)
    new = root / ".latest.new"
    new.unlink(missing_ok=True)
    new.symlink_to(name, target_is_directory=True)
    new.replace(root / "latest")
    runs = [path for path in root.iterdir() if path.is_dir() and not path.is_symlink()]
    newest_first = sorted(runs, key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[KEPT_RUNS:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def write_page(
    suite: Suite,
    verdict: Verdict,
    result: "ExpectationSuiteValidationResult",
    *,
    folder: Path,
    url: str = "",
) -> str:
    """Write a table's page into the run's `folder`; return its address: under `url`, else its path."""
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    found = ValidationResultsPageRenderer().render(result).to_json_dict()
    page = folder / suite.layer / f"{suite.table}.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    html = _table_template().render(
        found | {"suite": suite, "verdict": verdict, "sections": _in_our_words(found["sections"][1:])}
    )
    page.write_text(html, encoding="utf-8")
    address = f"{url.rstrip('/')}/{page.relative_to(folder)}" if url else str(page.absolute())
    summary = verdict.to_json() | {"grain": suite.grain, "page": str(page.relative_to(folder))}
    page.with_suffix(".json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    return address


def _in_our_words(part: Any) -> Any:
    """Return a rendered part with our titles, because our numbers count violations."""
    if isinstance(part, dict):
        return {name: _in_our_words(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_in_our_words(value) for value in part]
    return _TITLES.get(part, part) if isinstance(part, str) else part


@cache
def _table_template() -> "Template":
    """Compile the page of a table, once: half the time of a page goes into its templates."""
    from great_expectations.render.view.view import DefaultJinjaPageView
    from jinja2 import select_autoescape

    environment = DefaultJinjaPageView(custom_views_directory=str(_TEMPLATES)).env
    # Our texts quote values of records; Great Expectations escapes its own, and passes on markup.
    environment.autoescape = select_autoescape(enabled_extensions=("html.j2",))
    return environment.get_template("table.html.j2")


def write_index(folder: Path, run_at: datetime) -> Path:
    """Write the run's index page from the verdicts in its `folder`, and return its path."""
    from jinja2 import Environment, FileSystemLoader

    files = [file for layer in LAYERS for file in sorted((folder / layer).glob("*.json"))]
    verdicts = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    template = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True).get_template("index.html.j2")
    index = folder / "index.html"
    index.write_text(template.render(verdicts=verdicts, run_at=run_at.astimezone(UTC)), encoding="utf-8")
    return index
