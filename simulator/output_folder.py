"""The output folder of a simulation: which files may be replaced, and the summary that lists them."""

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from simulator.plan import Plan, to_the_second
from simulator.segment_files import SOURCES
from simulator.store_tables import STORE_TABLES, raw_table
from simulator.support_collections import OBJECTS
from simulator.truth import STREAMS

SUMMARY = Path("truth") / "simulation.json"
FILES = Path("truth") / "files.jsonl"
_NAMES = {f"support/{name}.jsonl" for name in OBJECTS} | {f"truth/{name}.jsonl" for name in STREAMS}
_NAMES.add(SUMMARY.as_posix())
_LANDED = re.compile(
    r"landing/(((web|app|marketing)/\d{4}-\d\d-\d\d(/\d\d)?/events-(\d{4,}|again)\.jsonl?(\.gz)?)"
    r"|(marketing/ad_spend/\d{4}-\d\d\.csv))"
)


class OutputTakenError(Exception):
    """The output folder has a file that no simulation wrote, at ``place``."""

    def __init__(self, place: Path) -> None:
        self.place = place
        super().__init__(f"output: {place} is not a simulation's; use --replace to write over it")


def make_room(out: Path, store_url: str | None, replace: bool) -> bool:
    """Remove the files of an earlier simulation under ``out``; return whether it also wrote the store database.

    Raises OutputTakenError, before anything is removed, over a file that the earlier simulation did not write.
    With ``replace`` everything at the paths of a simulation is removed.
    """
    earlier = _read(out / SUMMARY)
    places = [out / "landing" / source for source in SOURCES]
    places += [out / "store.db", out / "support", out / "truth"]
    if replace:
        _remove_all(places)
    else:
        _remove(out, _written(out, places, earlier))
    (out / SUMMARY).parent.mkdir(parents=True, exist_ok=True)
    return earlier is not None and earlier.get("store") == shown(store_url)


def sum_up(out: Path, plan: Plan, store_url: str | None, written: dict[str, Any]) -> None:
    """Write the plan of the simulation and the counts of its records."""
    summary = {
        "people": plan.people,
        "seed": plan.seed,
        "days": plan.days,
        "until": to_the_second(plan.until),
        "store": shown(store_url),
        **written,
    }
    (out / SUMMARY).write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    summary: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return summary


def _written(out: Path, places: list[Path], earlier: dict[str, Any] | None) -> list[Path]:
    """List the files of the earlier simulation. Raises OutputTakenError if there are others."""
    found = [file for place in places for file in _files(place)]
    landed = _landed(out, earlier)
    for file in found:
        name = file.relative_to(out).as_posix()
        if name == "store.db":
            is_written = earlier is not None and _is_its_store(file, earlier)
        else:
            is_landed = bool(_LANDED.fullmatch(name)) if landed is None else name in landed
            is_written = earlier is not None and (name in _NAMES or is_landed)
        if not is_written:
            raise OutputTakenError(file)
    return found


def _files(place: Path) -> Iterator[Path]:
    """List files; links are not followed."""
    if place.is_symlink() or place.is_file():
        yield place
    for folder, folders, files in os.walk(place):
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder, name) for name in sorted([*files, *links]))


def _landed(out: Path, earlier: dict[str, Any] | None) -> set[str] | None:
    """List the files that the earlier simulation landed; None if it was interrupted before listing all."""
    if earlier is None or "tables" not in earlier:
        return None
    if not (out / FILES).is_file():
        return set()
    with (out / FILES).open(encoding="utf-8") as lines:
        return {json.loads(line)["file"] for line in lines}


def _is_its_store(file: Path, earlier: dict[str, Any]) -> bool:
    """Whether the store database has the tables of a simulation, and as many rows as the earlier one wrote."""
    if earlier.get("store") is not None or file.is_symlink():
        return False
    counts = earlier.get("tables")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as store:
            found = store.execute("select name from sqlite_master where type = 'table'").fetchall()
            tables = {name for (name,) in found}
            if counts is None or not tables <= set(STORE_TABLES):
                return tables <= set(STORE_TABLES)
            rows = {name: store.execute(f"select count(*) from {name}").fetchone()[0] for name in tables}
    except sqlite3.DatabaseError as error:
        # A simulation writes without a journal, so a kill may damage the file.
        return counts is None and error.sqlite_errorcode == sqlite3.SQLITE_CORRUPT
    return all(rows.get(name, 0) == counts.get(raw_table(name), 0) for name in STORE_TABLES)


def _remove(out: Path, files: list[Path]) -> None:
    """Remove files, the listing of files last, and then empty folders."""
    say_whose = [out / FILES, out / SUMMARY]
    for file in [*(file for file in files if file not in say_whose), *say_whose]:
        file.unlink(missing_ok=True)
    folders = {folder for file in files for folder in file.relative_to(out).parents if folder.parts}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        with suppress(OSError):
            (out / folder).rmdir()


def _remove_all(places: list[Path]) -> None:
    for place in places:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def shown(store_url: str | None) -> str | None:
    """Write the database's URL without its password."""
    return make_url(store_url).render_as_string(hide_password=True) if store_url else None
