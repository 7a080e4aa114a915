"""Three of a family of ten are erased: no trace of them in any file, the other seven as before."""

import json
import os
import random
import shutil
import signal
import time
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from rights.forgetting import find, forget, under_way
from rights.places import RightsError
from tests.rights.conftest import Home
from tests.rights.family import FAMILY, TABLET, Member
from tests.rights.family import family as family_story
from tests.scenarios.raw_inputs import write_delivery

ERASED = [Member(0), Member(3), Member(6)]
OTHERS = [member for member in map(Member, range(len(FAMILY))) if member not in ERASED]
WHO = [
    f"email:{ERASED[0].email}",
    f"user_id:u-quill-{ERASED[1].number}",
    f"member_id:member-quill-{ERASED[2].number}",
]
# What is known of each customer alone; scores and shares of everybody follow from everybody.
MARTS = (
    *(
        "fct_touchpoints",
        "fct_sessions",
        "fct_orders",
        "fct_order_lines",
        "fct_consent_events",
        "identity_map",
    ),
    *(
        "dim_customer_consent",
        "fct_support_cases",
        "fct_journeys",
        "identity_links",
        "mart_customer_timeline",
    ),
)


def erase(home: Home) -> None:
    forget(
        home.places,
        under_way(home.places) or find(home.places, WHO, "asked", "tests"),
        lambda _: None,
        home.build,
    )


def customers(warehouse: Path) -> dict[str, str]:
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        rows = connection.execute(
            "select identifier_value, customer_id from marts.identity_map where identifier_type = 'email'"
        ).fetchall()
    return dict(rows)


def rows_of_others(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    ids = [customer for email, customer in customers(warehouse).items() if email in {m.email for m in OTHERS}]
    assert len(set(ids)) == len(OTHERS)
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        return {
            mart: sorted(
                # A shared device is named with its latest person, who may have been one of the erased.
                connection.execute(
                    f"select * from marts.{mart} as rows where list_contains($ids, customer_id)"
                    f" and not contains(cast(rows as varchar), '{TABLET}')",
                    {"ids": ids},
                ).fetchall(),
                key=repr,
            )
            for mart in MARTS
        }


def files(home: Home) -> Iterator[tuple[Path, bytes]]:
    """Every file that is ours: not the store's own database."""
    for file in home.place.folder.rglob("*"):
        if file.is_file() and not file.is_symlink() and file != home.place.inputs / "store.db":
            content = file.read_bytes()
            yield file, zlib.decompressobj(31).decompress(content) if content[:2] == b"\x1f\x8b" else content


def traces_in_files(home: Home) -> list[str]:
    return [
        f"{file.relative_to(home.place.folder)}: {trace}"
        for file, content in files(home)
        for member in ERASED
        for trace in member.traces
        if trace.encode() in content
    ]


def test_nothing_of_three_is_left_and_the_other_seven_are_unchanged(home: Home) -> None:
    before, ids_before = rows_of_others(home.places.warehouse), customers(home.places.warehouse)
    found = traces_in_files(home)
    assert {entry.split(":")[0].split(".")[-1] for entry in found} >= {"duckdb", "jsonl", "log"}
    erase(home)
    assert traces_in_files(home) == []
    assert rows_of_others(home.places.warehouse) == before
    after = customers(home.places.warehouse)
    assert after == {email: ids_before[email] for email in after}
    assert not set(after) & {member.email for member in ERASED}
    assert "florian@quillfeather.example" in (home.place.folder / "refresh.log").read_text()


def test_orders_stay_as_facts_of_nobody(home: Home) -> None:
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        revenue = connection.execute("select count(*), sum(net_revenue) from marts.fct_orders").fetchall()
    erase(home)
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        assert (
            connection.execute("select count(*), sum(net_revenue) from marts.fct_orders").fetchall()
            == revenue
        )
        nobodys = connection.execute(
            "select count(*) from marts.fct_orders where customer_id is null"
        ).fetchone()
    assert nobodys == (2 * len(ERASED),)


def test_what_was_done_on_the_shared_tablet_is_no_other_persons(home: Home) -> None:
    erase(home)
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
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
    assert tablet == (6,)


def test_all_files_delivered_again_change_nothing(home: Home) -> None:
    erase(home)
    after = raw_rows(home.places.warehouse)
    shutil.rmtree(home.place.inputs / "web")
    (home.place.inputs / "store.db").unlink()
    write_delivery(family_story(), 0, home.place.inputs)
    home.load()
    assert raw_rows(home.places.warehouse) == after


def raw_rows(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and table_name <> 'load_ledger'"
            " and not starts_with(table_name, '_dlt')"
        ).fetchall()
        return {
            table: sorted(connection.execute(f"select * from raw.{table}").fetchall(), key=repr)
            for (table,) in tables
        }


def test_who_comes_back_later_is_a_new_customer(home: Home) -> None:
    erase(home)
    later = {
        "type": "track",
        "event": "Product Viewed",
        "userId": "u-quill-0",
        "timestamp": "2030-01-01T00:00:00Z",
    }
    (home.place.inputs / "web" / "later.jsonl").write_text(json.dumps({"messageId": "later", **later}) + "\n")
    os.environ["RUN_AT"] = "2030-01-02T00:00:00Z"
    home.load()
    with closing(duckdb.connect(str(home.places.warehouse), read_only=True)) as connection:
        found = connection.execute(
            "select count(*) from raw.web_events where message_id = 'later'"
        ).fetchone()
    assert found == (1,)


def test_a_shared_telephone_is_nobody(home: Home) -> None:
    with pytest.raises(RightsError, match="used by 10 people"):
        find(home.places, ["phone:+14155550177"], "asked", "tests")


def test_a_certificate_says_what_was_done_without_personal_data(home: Home) -> None:
    erase(home)
    (certificate,) = home.places.certificates.iterdir()
    text = certificate.read_text()
    assert '"reason": "asked"' in text
    assert not any(trace in text for member in ERASED for trace in member.traces)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("KILLS") or "10")))
def test_an_erasure_that_is_killed_ends_the_same(home: Home, seed: int) -> None:
    """A forked child is killed after a random time, again and again, each time later, until one comes to its end."""
    before = rows_of_others(home.places.warehouse)
    dice, kills = random.Random(seed), 0
    while True:
        child = os.fork()
        if child == 0:
            erase(home)
            os._exit(0)
        time.sleep(dice.uniform(0, 6) * (1 + kills))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0
            break
        kills += 1
    assert traces_in_files(home) == []
    assert rows_of_others(home.places.warehouse) == before
