"""The SQL of consent, against a brute-force reading of random statements: who may be written to as of any instant."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dbt.rendering import PROJECT, Engine

FOLDER = PROJECT / "models/intermediate/customers"
BEGINNING = datetime(2026, 1, 1)
# The core of a TCF consent string before its purposes, by IAB's specification: value and number of bits.
CORE = [
    (2, 6),
    (17_000_000_000, 36),
    (17_000_000_000, 36),
    (10, 12),
    (1, 12),
    (1, 6),
    (0, 12),
    (200, 12),
    (4, 6),
]
FLAGS = [(1, 1), (0, 1), (0, 12)]


@dataclass(frozen=True)
class Said:
    """A statement of a customer: on which of few instants, yes or no, and under which identifiers."""

    customer: str
    channel: str
    hour: int
    is_granted: bool
    identifiers: frozenset[str]

    @property
    def at(self) -> datetime:
        """The instant."""
        return BEGINNING + timedelta(hours=self.hour)


STATEMENTS = st.lists(
    st.builds(
        Said,
        st.sampled_from(["ida", "tom"]),
        st.sampled_from(["email", "sms"]),
        st.integers(0, 6),
        st.booleans(),
        st.frozensets(st.sampled_from("abc"), max_size=2),
    ),
    max_size=14,
)


def status(said: list[Said], customer: str, channel: str, now: datetime) -> str:
    """Read the statements one by one, as a person would."""
    mine = [each for each in said if (each.customer, each.channel) == (customer, channel) and each.at <= now]
    granted = [each for each in mine if each.is_granted]
    for refusal in mine:
        lifted = any(yes.at > refusal.at and yes.identifiers & refusal.identifiers for yes in granted)
        if not refusal.is_granted and not lifted:
            return "withdrawn"
    return "granted" if mine else "unknown"


@pytest.fixture(scope="module")
def engine() -> Engine:
    macros = SimpleNamespace(
        concat=" || ".join,
        type_string=lambda: "varchar",
        type_int=lambda: "integer",
        position=lambda part, text: f"position({part} in {text})",
    )
    return Engine("duckdb", macros, quote=lambda name: f'"{name}"')


def consent(engine: Engine, said: list[Said]) -> duckdb.DuckDBPyConnection:
    """Make the tables of statements and identifiers, and both models from them."""
    database = duckdb.connect()
    database.execute(
        "create table int_customers__consent_statements"
        " (record_key varchar, customer_id varchar, purpose varchar, channel varchar, stated_at timestamp,"
        " is_granted boolean)"
    )
    database.execute("create table int_identity__identifiers (record_key varchar, node varchar)")
    for number, each in enumerate(said):
        database.execute(
            "insert into int_customers__consent_statements values (?, ?, 'marketing', ?, ?, ?)",
            [str(number), each.customer, each.channel, each.at, each.is_granted],
        )
        for node in each.identifiers:
            database.execute("insert into int_identity__identifiers values (?, ?)", [str(number), node])
    for model in ("int_customers__consent_events", "int_customers__consent"):
        sql = engine.render(FOLDER / f"{model}.sql")
        database.execute(f"create table {model} as {sql}")
    return database


@given(STATEMENTS)
@settings(max_examples=60, deadline=None)
def test_consent_as_of_any_instant_is_what_reading_the_statements_gives(
    engine: Engine, said: list[Said]
) -> None:
    with consent(engine, said) as database:
        for customer in ("ida", "tom"):
            for channel in ("email", "sms"):
                for half_hour in range(-1, 15):
                    now = BEGINNING + timedelta(minutes=30 * half_hour)
                    found = database.execute(
                        "select is_granted from int_customers__consent where customer_id = ? and channel = ?"
                        " and valid_from <= ? and (valid_to is null or ? < valid_to)",
                        [customer, channel, now, now],
                    ).fetchall()
                    words = {(): "unknown", (True,): "granted", (False,): "withdrawn"}
                    assert words[tuple(row[0] for row in found)] == status(said, customer, channel, now)


def test_a_yes_under_another_identifier_lifts_nothing(engine: Engine) -> None:
    said = [Said("ida", "email", 1, False, frozenset("a")), Said("ida", "email", 2, True, frozenset("b"))]
    with consent(engine, said) as database:
        assert database.execute("select is_granted from int_customers__consent").fetchall() == [(False,)]


def consent_string(purposes: set[int]) -> str:
    """Encode a consent string as IAB's specification says: fields as bits, eight bits a byte, base64url."""
    bits = "".join(f"{value:0{width}b}" for value, width in [*CORE, *FLAGS])
    bits += "".join("1" if purpose in purposes else "0" for purpose in range(1, 25)) + "0" * 64
    octets = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


@given(st.sets(st.integers(1, 24)), st.integers(1, 24))
@settings(max_examples=60, deadline=None)
def test_a_purpose_is_read_from_a_consent_string(engine: Engine, purposes: set[int], asked: int) -> None:
    sql = engine.call("tcf_purpose", f"'{consent_string(purposes)}'", asked)
    assert duckdb.execute(f"select {sql}").fetchall() == [(asked in purposes,)]


def test_a_short_string_says_nothing(engine: Engine) -> None:
    assert duckdb.execute(
        f"select {engine.call('tcf_purpose', chr(39) + 'CPXx' + chr(39), 4)}"
    ).fetchall() == [(None,)]
