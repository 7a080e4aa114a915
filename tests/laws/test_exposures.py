"""Readers of the marts are declared in dbt: dashboards, metrics and the questions of the BI guide."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboards.navigation import ENTRIES
from publishing.lineage import declared_lineage
from tests.laws.repository import ROOT, tracked

MARTS = ROOT / "dbt_project" / "models" / "marts"
TABLES = {file.stem for file in MARTS.rglob("*.sql")}
REFERENCE = re.compile(r"ref\('(\w+)'\)")


def _yaml(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return content


EXPOSURES = {each["name"]: each for each in _yaml(MARTS / "_exposures.yml")["exposures"]}
OF_PAGES = {each["config"]["meta"]["page"]: each for each in EXPOSURES.values() if "config" in each}


def declared(exposure: dict[str, Any]) -> set[str]:
    """Return the marts that an exposure declares."""
    return set(REFERENCE.findall(" ".join(exposure["depends_on"])))


def named_in(text: str) -> set[str]:
    """Return the marts that a text names."""
    return TABLES & set(re.findall(r"\w+", text))


def of_semantic_models() -> Iterator[str]:
    """List the marts that metrics are computed from, and the calendar."""
    yield "dim_dates"
    for file in tracked(".yml"):
        if file.name.endswith("__metrics.yml"):
            for model in _yaml(file).get("semantic_models", []):
                yield from REFERENCE.findall(model["model"])


def marts_of_metrics() -> dict[str, set[str]]:
    """Return the marts that each metric comes from, by its name."""
    files = [_yaml(file) for file in tracked(".yml") if file.name.endswith("__metrics.yml")]
    marts = {
        measure["name"]: set(REFERENCE.findall(model["model"]))
        for file in files
        for model in file.get("semantic_models", [])
        for measure in model.get("measures", [])
    }
    made_of_others = {
        metric["name"]: metric["type_params"] for file in files for metric in file.get("metrics", [])
    }

    def of(name: str) -> set[str]:
        if name in marts:
            return marts[name]
        parameters = made_of_others[name]
        parts = parameters.get("metrics") or [parameters["numerator"], parameters["denominator"]]
        return {mart for part in parts for mart in of(part)}

    return {name: of(name) for name in [*marts, *made_of_others]}


@pytest.mark.parametrize("page", sorted(entry.module for entry in ENTRIES))
def test_a_page_declares_the_marts_that_it_reads(page: str) -> None:
    assert page in OF_PAGES, f"add an exposure with the page {page} to {MARTS / '_exposures.yml'}"
    text = (ROOT / "dashboards" / "queries" / f"{page}.py").read_text(encoding="utf-8")
    read = named_in(text)
    if "figures" in text:
        quoted = set(re.findall(r'"([a-z_0-9]+)"', text))
        read |= {mart for name, marts in marts_of_metrics().items() if name in quoted for mart in marts}
    assert read == declared(OF_PAGES[page]), "change the page's exposure"


def test_the_address_of_a_page_is_where_it_is_served() -> None:
    wrong = [
        exposure["url"]
        for page, exposure in OF_PAGES.items()
        if exposure["url"] != f"http://127.0.0.1:8501/{page if page != ENTRIES[0].module else ''}"
    ]
    assert wrong == []


def test_metrics_declare_the_marts_that_they_come_from() -> None:
    assert declared(EXPOSURES["metrics"]) == set(of_semantic_models())


def test_the_guide_declares_the_marts_of_its_questions() -> None:
    guide = (ROOT / "docs" / "bi_guide.md").read_text(encoding="utf-8")
    queries = "".join(re.findall(r"^```sql\n(.*?)^```", guide, flags=re.MULTILINE | re.DOTALL))
    assert declared(EXPOSURES["bi_guide"]) == named_in(queries)


def test_every_mart_says_in_words_what_it_is_made_from() -> None:
    declared = declared_lineage()
    assert set(declared["marts"]) == TABLES
    named = {source for sources in declared["marts"].values() for source in sources}
    assert named <= set(declared["sources"])
