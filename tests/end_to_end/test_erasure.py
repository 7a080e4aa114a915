"""The planted person is erased from the demo: only the retailer's own systems keep it, and nothing comes back."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from tests.end_to_end.conftest import demo_in
from tests.end_to_end.planted_person import BORN, EMAIL, POSTCODE, SALT
from tests.end_to_end.test_places_of_personal_data import files_with_the_person
from tests.end_to_end.workplace import REFRESH, Workplace, support_desk

pytestmark = pytest.mark.slow
PEOPLE = 120
# In small letters. The account in a social network is a customer of its own, by the rules of identity.
WORDS = (
    "quartermain",
    "planted.example",
    "5550199",
    BORN,
    POSTCODE.lower(),
    "xylophone",
    "marmalade",
    "planted-user",
)
WHO = (f"email:{EMAIL}", "member_id:PLANTED-M")
# The simulated retailer's own: its database, its service desk, and what its people really are.
OF_SOURCES = ("data/store.db", "data/support/", "data/truth/")


@pytest.fixture(scope="module")
def erased(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """The demo after an export for the person and their erasure."""
    place = demo_in(tmp_path_factory.mktemp("erased"), PEOPLE).place
    exported = place.run("-m", "rights.export", WHO=WHO[0])
    assert exported.status == 0, exported.output
    request = place.folder / "request.txt"
    request.write_text("\n".join(WHO))
    settings = {"IDENTITY_SALT": SALT, "WHO": str(request), "REASON": "asked by letter"}
    dry = place.run("-m", "rights.forget", DRY_RUN="1", **settings)
    assert (dry.status, "Nothing was changed" in dry.output) == (0, True), dry.output
    assert "data/exports" in " ".join(files_with_the_person(place))
    ended = place.run("-m", "rights.forget", **settings)
    assert ended.status == 0, ended.output
    return place


def left(place: Workplace) -> list[str]:
    return [file for file in files_with_the_person(place) if not file.startswith(OF_SOURCES)]


def test_nothing_of_the_person_is_left(erased: Workplace) -> None:
    assert left(erased) == []
    assert tables_with(WORDS, erased.warehouse) == []
    assert any(file.startswith(OF_SOURCES) for file in files_with_the_person(erased))
    (certificate,) = (erased.data / "erasures").iterdir()
    assert str(erased.data / "store.db") in certificate.read_text()


def test_the_warehouse_is_what_a_full_refresh_makes(erased: Workplace) -> None:
    verified = erased.run("-m", "stewardship.verify", IDENTITY_SALT=SALT)
    assert verified.status == 0, verified.output


def test_what_the_sources_deliver_again_does_not_bring_the_person_back(erased: Workplace) -> None:
    before = rows_of_raw(erased.warehouse)
    for file in (erased.data / "landing").rglob("planted*.jsonl"):
        file.touch()
    with support_desk(erased) as settings:
        again = erased.run(*REFRESH, IDENTITY_SALT=SALT, **settings)
    assert again.status == 0, again.output
    assert rows_of_raw(erased.warehouse) == before
    assert left(erased) == []


def tables_with(words: Sequence[str], warehouse: Path) -> list[str]:
    """Return the tables that have a word in any row: a file's bytes may be compressed."""
    found = []
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
        for (table,) in tables:
            texts = f"select lower(concat_ws(' ', *columns(*))) as text from {table}"
            any_word = " or ".join(f"contains(text, '{word}')" for word in words)
            if connection.execute(f"select 1 from ({texts}) where {any_word} limit 1").fetchall():
                found.append(table)
    return found


def rows_of_raw(warehouse: Path) -> dict[str, int]:
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and table_name <> 'load_ledger'"
            " and not starts_with(table_name, '_dlt')"
        ).fetchall()
        counts = (connection.execute(f"select count(*) from raw.{table}").fetchone() for (table,) in tables)
        return {table: count[0] for (table,), count in zip(tables, counts, strict=True) if count}
