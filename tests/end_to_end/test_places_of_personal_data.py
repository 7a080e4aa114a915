"""Personal data in clear text are where `docs/security.md` says, and nowhere else."""

import re
from pathlib import Path

from tests.end_to_end.planted_person import PERSON
from tests.end_to_end.workplace import REPOSITORY, State, Workplace
from tests.file_contents import readable

ROW = re.compile(r"^\| (?P<places>`[^|]+) \| (?P<content>[^|]+) \|", flags=re.MULTILINE)
# The planted year of birth and numbers of few digits may be in anything's bytes.
TRACES = tuple(each.casefold().encode() for each in PERSON if len(each) >= 9 and not each.isdecimal())


def places_in_clear() -> list[str]:
    """Return the places below the folder that the table says hold clear text, as beginnings of paths."""
    text = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
    table = text.partition("## Where personal data lives")[2].partition("### ")[0]
    rows = [(row["places"], row["content"]) for row in ROW.finditer(table)]
    assert len(rows) > 10
    in_clear = (places for places, content in rows if content.startswith("in clear"))
    return [place for places in in_clear for place in re.findall(r"`([^`]+)`", places)]


def files_with_the_person(place: Workplace) -> list[str]:
    """Return every file, relative to the folder, in which the person is; gzip and Parquet are opened."""
    found = []
    for file in (file for root in (place.data, place.folder / "dagster_home") for file in root.rglob("*")):
        if file.is_file() and not file.is_symlink() and _has_person(file):
            found.append(str(file.relative_to(place.folder)))
    return found


def _has_person(file: Path) -> bool:
    lowered = readable(file).lower()
    return any(each in lowered for each in TRACES)


def test_clear_text_is_only_where_the_table_says(first: State) -> None:
    clear, found = places_in_clear(), files_with_the_person(first.place)
    assert [file for file in found if not file.startswith(tuple(clear))] == []
    for place in ("data/warehouse.duckdb", "data/landing/", "data/store.db"):
        assert place in clear
        assert any(file.startswith(place) for file in found), f"the planted person is not in {place}"
