"""A simulated retailer of any size in the real pipeline: written, loaded, and built by dbt."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ingestion.sources import SOURCES, load
from simulator.plan import Plan, to_the_second
from simulator.support_api import SupportApi, SupportFiles
from simulator.write import write

PROJECT = Path(__file__).resolve().parents[1] / "dbt_project"
EMAIL, TOKEN = "agent@throughline.example", "benchmark-token"
UNTESTED = ("--exclude-resource-type", "test", "unit_test")


def loaded(folder: Path, plan: Plan) -> Path:
    """Write the retailer in ``folder`` and load it, unless it is there; return the warehouse."""
    folder = folder.resolve()
    warehouse = folder / "warehouse.duckdb"
    if warehouse.is_file():
        return warehouse
    write(plan, folder)
    unfinished = folder / "unfinished.duckdb"
    unfinished.unlink(missing_ok=True)
    with SupportApi(SupportFiles(folder / "support"), email=EMAIL, token=TOKEN) as desk:
        os.environ |= _settings(folder, unfinished, plan, desk.base_url)
        for source in SOURCES:
            report = load(source)
            if report.status != "loaded":
                raise RuntimeError(f"{source}: {report.message}")
    unfinished.rename(warehouse)
    return warehouse


def build(warehouse: Path, plan: Plan, *options: str) -> None:
    """Build the warehouse's models with dbt, without tests; ``options`` are more words for dbt."""
    subprocess.run(
        dbt_command(warehouse, "build", *UNTESTED, *options),
        env=os.environ | dbt_environment(warehouse, plan),
        check=True,
    )


def parsed(warehouse: Path, plan: Plan) -> Path:
    """Return dbt's manifest of the project."""
    subprocess.run(
        dbt_command(warehouse, "parse"), env=os.environ | dbt_environment(warehouse, plan), check=True
    )
    return warehouse.parent / "target" / "manifest.json"


def dbt_command(warehouse: Path, *words: str) -> list[str]:
    """Return the command line of dbt; what dbt writes goes next to the warehouse."""
    places = [f"--project-dir={PROJECT}", f"--profiles-dir={PROJECT}"]
    outputs = [f"--target-path={warehouse.parent / 'target'}", f"--log-path={warehouse.parent / 'logs'}"]
    return [str(Path(sys.executable).with_name("dbt")), "--quiet", *words, *places, *outputs]


def dbt_environment(warehouse: Path, plan: Plan) -> Mapping[str, str]:
    """Return the variables that dbt reads: the warehouse and the clock of the run."""
    return {"WAREHOUSE_PATH": str(warehouse.resolve()), "RUN_AT": to_the_second(plan.until)}


def _settings(folder: Path, warehouse: Path, plan: Plan, support_url: str) -> dict[str, str]:
    return {
        **dbt_environment(warehouse, plan),
        "SOURCES__STORE__CREDENTIALS": f"sqlite:///{folder / 'store.db'}",
        "SOURCES__SUPPORT__BASE_URL": support_url,
        "SOURCES__SUPPORT__EMAIL": EMAIL,
        "SOURCES__SUPPORT__API_TOKEN": TOKEN,
        **{
            f"SOURCES__{feed.upper()}__BUCKET_URL": str(folder / "landing" / feed)
            for feed in ("web", "app", "marketing")
        },
    }
