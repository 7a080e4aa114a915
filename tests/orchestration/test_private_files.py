"""Another user of the machine reads nothing of a pipeline but what was published for them, and blocks nothing."""

import grp
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.orchestration.conftest import Place, message, refresh_by_hand

NOBODY = 65534
OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Whoever can open a file can also lock it.
READ = 'for file; do head -c 1 "$file" > /dev/null 2>&1 && echo "$file"; done; true'


@pytest.fixture
def open_place(place: Place) -> Iterator[Place]:
    """A place in a folder that everybody may enter, made by an operator with the usual umask."""
    ways = [place.folder, *list(place.folder.parents)[:3]]
    modes = [way.stat().st_mode for way in ways]
    before = os.umask(0o022)
    for way in ways:
        if way.stat().st_uid == os.getuid():
            way.chmod(way.stat().st_mode | 0o055)
    place.land("good.jsonl", message("m1", "web", "digital"))
    yield place
    os.umask(before)
    for way, mode in zip(ways, modes, strict=True):
        if way.stat().st_uid == os.getuid():
            way.chmod(stat.S_IMODE(mode))


def written(place: Place) -> list[Path]:
    """List what the pipeline wrote; the project and what has landed are the operator's."""
    given = ("dbt_project", "landing")
    files = place.folder.rglob("*")
    return [file for file in files if file.relative_to(place.folder).parts[0] not in given and file.is_file()]


def reached_by_others(place: Place) -> set[str]:
    """List the files that somebody who is not the owner can open, by their modes and those of the folders above."""
    found = set()
    for file in written(place):
        way = [each for each in file.parents if place.folder in each.parents]
        is_passed = all(folder.stat().st_mode & stat.S_IXOTH for folder in way)
        if is_passed and file.stat().st_mode & stat.S_IROTH:
            found.add(str(file.relative_to(place.folder)))
    return found


def read_as_nobody(place: Place) -> set[str]:
    """List the files that another user really opens."""
    if os.getuid() != 0:
        pytest.skip("only root can become another user; the modes are tested for everyone")
    files = [str(file) for file in written(place)]
    done = subprocess.run(
        ["/bin/sh", "-c", READ, "sh", *files],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    return {str(Path(line).relative_to(place.folder)) for line in done.stdout.splitlines()}


def test_what_is_written_is_the_owners_alone(open_place: Place) -> None:
    (open_place.folder / "refresh.log").touch(0o644)
    (open_place.folder / "dbt_target").mkdir(0o755)
    done = refresh_by_hand(open_place)
    assert done.returncode == 0, done.stdout + done.stderr
    names = {file.name for file in written(open_place)}
    assert {"warehouse.duckdb", "marts.duckdb", "refresh.log", "index.html", "manifest.json"} <= names
    # `dagster.yaml` is the operator's; nobody gets into its folder.
    assert reached_by_others(open_place) == set()
    # What cannot be opened cannot be locked either, so nobody keeps a load out.
    assert read_as_nobody(open_place) == set()


def test_published_files_are_opened_to_whom_the_setting_names(open_place: Place) -> None:
    done = refresh_by_hand(open_place, MARTS_READERS="everyone")
    assert done.returncode == 0, done.stdout + done.stderr
    marts = open_place.settings.marts
    expected = {marts, marts.with_name("data_dictionary.html"), marts.with_name("data_dictionary.md")}
    parquet = marts.with_name("marts_parquet").resolve()
    expected |= set(parquet.iterdir())
    assert reached_by_others(open_place) == {str(file.relative_to(open_place.folder)) for file in expected}
    assert all(file.stat().st_mode & 0o222 == 0 for file in expected)


@pytest.mark.slow
def test_a_group_may_read_and_others_not(open_place: Place) -> None:
    group = grp.getgrgid(os.getgid()).gr_name
    assert refresh_by_hand(open_place, MARTS_READERS=group).returncode == 0
    marts = open_place.settings.marts
    for file in (marts, *marts.with_name("marts_parquet").resolve().iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) & OTHERS == stat.S_IRGRP
        assert file.stat().st_gid == os.getgid()
    assert stat.S_IMODE(marts.with_name("marts_versions").stat().st_mode) & OTHERS == stat.S_IXGRP
    assert reached_by_others(open_place) == set()


def test_a_group_that_there_is_not_is_named(place: Place) -> None:
    done = refresh_by_hand(place, MARTS_READERS="no such group")
    assert done.returncode == 1
    assert done.stderr.strip().startswith(
        "MARTS_READERS is 'no such group', but this machine has no such group"
    )
