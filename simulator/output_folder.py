"""The folder that a simulation writes to: what may be replaced, and the summary that says whose it is."""

import json
import shutil
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from simulator.plan import Plan, to_the_second
from simulator.segment_files import SOURCES

SUMMARY = Path("truth") / "simulation.json"


class OutputTakenError(Exception):
    """The output folder holds data that no simulation wrote."""


def make_room(out: Path, store_url: str | None, replace: bool) -> bool:
    """Remove what an earlier simulation wrote under ``out``; say whether the store database was its, too."""
    earlier = _read(out / SUMMARY)
    places = [out / "landing" / source for source in SOURCES]
    places += [out / "store.db", out / "support", out / "truth"]
    if earlier is None and not replace:
        for place in places:
            if place.is_file() or (place.is_dir() and any(place.iterdir())):
                raise OutputTakenError(
                    f"output: {place} is not a simulation's; use --replace to write over it"
                )
    for place in places:
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    (out / SUMMARY).parent.mkdir(parents=True)
    return earlier is not None and earlier.get("store") == shown(store_url)


def sum_up(out: Path, plan: Plan, store_url: str | None, written: dict[str, Any]) -> None:
    """Write what was simulated and how much came of it."""
    told = {
        "people": plan.people,
        "seed": plan.seed,
        "days": plan.days,
        "until": to_the_second(plan.until),
        "store": shown(store_url),
        **written,
    }
    (out / SUMMARY).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def shown(store_url: str | None) -> str | None:
    """Write the database's URL without its password."""
    return make_url(store_url).render_as_string(hide_password=True) if store_url else None
