"""Laws of every file: short enough to read, about this project alone, finished."""

import subprocess

from tests.laws.repository import ROOT, lines_matching, tracked, tracked_files

MOST_LINES = 300
MOST_BYTES = 1_000_000
UNFINISHED = "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK", "TE" + "MP"])
INDEX_HOSTS = "|".join(
    ["py" + r"pi\.org", "python" + r"hosted\.", "registry" + r"\.npmjs", "deb" + r"\.debian"]
)


def test_no_program_is_longer_than_a_person_reads_in_one_sitting() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in tracked(".py", ".sql")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_no_file_is_too_large_to_review() -> None:
    large = [str(file.relative_to(ROOT)) for file in tracked_files() if file.stat().st_size > MOST_BYTES]
    assert large == []


def test_no_file_names_a_path_of_the_machine_it_was_written_on() -> None:
    assert lines_matching(list(tracked_files()), r"(^|[^\w.])/(work|root|farm)/") == []


def test_no_link_is_tracked() -> None:
    # A link may lead to a path of one machine. Git lists it with the mode 120000.
    listed = subprocess.run(
        ["git", "ls-files", "--stage"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert [line for line in listed.stdout.splitlines() if line.startswith("120000")] == []


def test_no_file_names_a_package_index() -> None:
    assert lines_matching(list(tracked_files()), INDEX_HOSTS) == []


def test_nothing_is_left_for_later_in_a_comment() -> None:
    assert lines_matching(tracked(".py", ".sql", ".yml", ".yaml", ".md"), rf"\b({UNFINISHED})\b") == []


def test_no_check_is_silenced_without_a_reason() -> None:
    silenced = r"assert\s+True|pytest\.skip\(\)|except Exception:\s*pass|# type: ignore\s*$|noqa\s*$"
    assert lines_matching(tracked(".py"), silenced) == []


def test_no_module_is_named_for_nothing() -> None:
    vague = {"utils.py", "util.py", "misc.py", "helpers.py", "common.py"}
    assert [str(file.relative_to(ROOT)) for file in tracked(".py") if file.name in vague] == []


def test_the_locks_pin_everything_with_hashes_and_name_no_index() -> None:
    locks = (
        "requirements.lock",
        "requirements-dev.lock",
        "requirements-spark.lock",
        "tests/data-packages.lock",
    )
    for lock in (*locks, "deploy/superset/requirements.lock"):
        lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if line and not line.startswith((" ", "#"))]
        assert pins, lock
        assert [line for line in pins if "==" not in line or not line.endswith("\\")] == [], lock
        assert [line for line in lines if "://" in line or line.startswith("-")] == [], lock


def test_tests_run_with_the_versions_that_users_install() -> None:
    running, developing = (
        {line for line in (ROOT / lock).read_text(encoding="utf-8").splitlines() if "==" in line}
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert running < developing
