"""Three of a family of ten are erased: no trace of them in any file, the other seven as before."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from ingestion.lake import Written, write_lake
from rights.forget import asked
from rights.forgetting import find, forget, under_way
from rights.journal import write_journal
from rights.places import RightsError
from tests.pipeline_run.compiled_models import CompiledModels
from tests.pipeline_run.dbt_in_process import DbtProject
from tests.rights.checks import customers, files, raw_rows, rows_of, traces_in_files
from tests.rights.conftest import Home, at_home, building
from tests.rights.family import FAMILY, STRANGER, TABLET, Member
from tests.rights.family import family as family_story
from tests.scenarios.raw_inputs import write_delivery

ERASED = [Member(0), Member(3), Member(6)]
OTHERS = [member for member in map(Member, range(len(FAMILY))) if member not in ERASED]
WHO = [
    f"email:{ERASED[0].email}",
    f"user_id:u-quill-{ERASED[1].number}",
    f"member_id:member-quill-{ERASED[2].number}",
]


def erase(home: Home) -> None:
    forget(
        home.places,
        under_way(home.places) or find(home.places, WHO, "asked", "tests"),
        lambda _: None,
        home.build,
    )


@pytest.fixture(scope="module")
def state_after(
    tmp_path_factory: pytest.TempPathFactory, built: Path, dbt: DbtProject, models: CompiledModels, desk: str
) -> Path:
    """A copy of the family's folder after the three are erased."""
    aside = tmp_path_factory.mktemp("erased")
    with at_home(aside, built, building(dbt, models), desk) as home:
        erase(home)
        shutil.copytree(built, aside / "state", symlinks=True)
    return aside / "state"


@pytest.fixture
def revenue(home: Home) -> tuple[object, ...]:
    """Orders and their revenue before the erasure."""
    return revenue_of(home)


def revenue_of(home: Home) -> tuple[object, ...]:
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        (row,) = connection.execute("select count(*), sum(net_revenue) from marts.fct_orders").fetchall()
    return tuple(row)


@pytest.fixture
def erased(home: Home, state_after: Path) -> Home:
    """The family's folder after the three are erased."""
    shutil.rmtree(home.place.folder)
    shutil.copytree(state_after, home.place.folder, symlinks=True)
    return home


def test_nothing_of_three_is_left_and_the_other_seven_are_unchanged(home: Home) -> None:
    before, ids_before = rows_of(home.places.warehouse, OTHERS), customers(home.places.warehouse)
    found = traces_in_files(home, ERASED)
    assert {entry.split(":")[0].split(".")[-1] for entry in found} >= {"duckdb", "jsonl", "log"}
    erase(home)
    assert traces_in_files(home, ERASED) == []
    assert rows_of(home.places.warehouse, OTHERS) == before
    after = customers(home.places.warehouse)
    assert after == {email: ids_before[email] for email in after}
    assert not set(after) & {member.email for member in ERASED}
    assert "florian@quillfeather.example" in (home.place.folder / "refresh.log").read_text()


def test_the_lake_is_without_them_too(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = str(tmp_path / "lake")
    monkeypatch.setenv("LAKE_URL", lake)
    write_lake(home.places.warehouse, lake)
    erase(home)
    assert write_lake(home.places.warehouse, lake) == Written(files=0, removed=0)


def test_orders_stay_as_facts_of_nobody(revenue: tuple[object, ...], erased: Home) -> None:
    assert revenue_of(erased) == revenue
    with closing(duckdb.connect(str(erased.places.warehouse), read_only=True)) as connection:
        nobodys = connection.execute(
            "select count(*) from marts.fct_orders where customer_id is null"
        ).fetchone()
    assert nobodys == (2 * len(ERASED),)


def test_what_was_done_on_the_shared_tablet_is_no_other_persons(erased: Home) -> None:
    with closing(duckdb.connect(str(erased.places.warehouse), read_only=True)) as connection:
        left = connection.execute(
            "select anonymous_id, count(*) from raw.web_events where type = 'page' and anonymous_id like 'erased-%'"
            " group by all"
        ).fetchall()
        owners = connection.execute(
            "select distinct is_identified from marts.identity_map where identifier_value like 'erased-%'"
        ).fetchall()
        tablet = connection.execute(
            "select count(*) from raw.web_events where anonymous_id = ?", [TABLET]
        ).fetchone()
    assert [count for _, count in left] == [4]
    assert owners == [(False,)]
    assert tablet == (8,)


def test_all_files_delivered_again_change_nothing(erased: Home) -> None:
    after = raw_rows(erased.places.warehouse)
    shutil.rmtree(erased.place.inputs / "web")
    (erased.place.inputs / "store.db").unlink()
    write_delivery(family_story(), 0, erased.place.inputs)
    erased.load()
    assert raw_rows(erased.places.warehouse) == after


def test_who_comes_back_later_is_a_new_customer(erased: Home) -> None:
    later = {
        "type": "track",
        "event": "Product Viewed",
        "userId": "u-quill-0",
        "timestamp": "2030-01-01T00:00:00Z",
    }
    (erased.place.inputs / "web" / "later.jsonl").write_text(
        json.dumps({"messageId": "later", **later}) + "\n"
    )
    os.environ["RUN_AT"] = "2030-01-02T00:00:00Z"
    erased.load()
    with closing(duckdb.connect(str(erased.places.warehouse), read_only=True)) as connection:
        found = connection.execute(
            "select count(*) from raw.web_events where message_id = 'later'"
        ).fetchone()
    assert found == (1,)


def test_a_shared_telephone_is_nobody(home: Home) -> None:
    with pytest.raises(RightsError, match="used by 10 people"):
        find(home.places, ["phone:+14155550177"], "asked", "tests")


def test_an_erasure_that_was_not_finished_comes_before_another(home: Home) -> None:
    first = write_journal(home.places.work, find(home.places, WHO[:1], "asked", "tests"))
    both = list(asked(home.places, {"WHO": WHO[1], "REASON": "asked"}))
    assert both[0] == first
    assert [journal.who for journal in both] == [WHO[:1], [WHO[1]]]
    assert list(asked(home.places, {"WHO": WHO[0]})) == [first]
    assert list(asked(home.places, {})) == [first]


def test_a_certificate_says_what_was_done_without_personal_data(erased: Home) -> None:
    (certificate,) = erased.places.certificates.iterdir()
    text = certificate.read_text()
    assert '"reason": "asked"' in text
    assert json.loads(text)["not_erased"]["sources"] == ["marketing", "store", "support", "web"]
    assert json.loads(text)["not_erased"]["files_of_sources"] == [str(erased.place.inputs / "store.db")]
    assert not any(trace in text for member in ERASED for trace in member.traces)


def test_a_device_that_nobody_signed_in_on_is_erased_like_a_person(home: Home) -> None:
    others = [*raw_rows_of_people(home)]
    journal = find(home.places, [f"anonymous_id:{STRANGER}"], "asked", "tests")
    assert journal.counts == {"web_events": {"removed": 2}}
    forget(home.places, journal, lambda _: None, home.build)
    assert [str(file) for file, content in files(home) if STRANGER.encode() in content] == []
    assert [*raw_rows_of_people(home)] == others


def raw_rows_of_people(home: Home) -> Iterator[tuple[object, ...]]:
    for table, rows in raw_rows(home.places.warehouse).items():
        yield from ((table, *row) for row in rows if STRANGER not in repr(row))


def test_what_was_written_for_the_person_to_read_goes_whole(home: Home) -> None:
    exports = {}
    for name, customers_of in (("mine", ERASED[0]), ("another's", Member(1))):
        folder = home.places.exports / name
        folder.mkdir(parents=True)
        known = {"customer_ids": [customers(home.places.warehouse)[customers_of.email]]}
        (folder / "person.json").write_text(json.dumps(known))
        (folder / "person.md").write_text("Words by which nobody is known.")
        exports[name] = folder
    erase(home)
    assert not exports["mine"].exists()
    assert (exports["another's"] / "person.md").exists()
