"""No audience ever holds one without consent, in random worlds; and everybody is counted once."""

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from activation.definitions import Audience, AudienceError, Cap, read_audience
from activation.members import SENT, counted, members_of

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """A customer of a random world."""

    is_internal: bool
    has_email: bool
    has_phone: bool
    # By purpose and channel: granted or withdrawn, and whether it still counts.
    consents: dict[tuple[str, str], tuple[bool, bool]]
    messages: int
    has_bounced: bool


CONSENTS = st.dictionaries(
    st.tuples(st.sampled_from(["marketing", "advertising"]), st.sampled_from(["email", "sms", "web", "app"])),
    st.tuples(st.booleans(), st.booleans()),
    max_size=4,
)
PEOPLE = st.lists(
    st.builds(
        Person, st.booleans(), st.booleans(), st.booleans(), CONSENTS, st.integers(0, 3), st.booleans()
    ),
    max_size=8,
)
AUDIENCES = st.builds(
    lambda channel, cap, share: Audience(
        "a", "o", "d", channel, "select customer_id from dim_customers", {}, cap, share
    ),
    st.sampled_from(["email", "sms", "ads"]),
    st.none() | st.builds(Cap, st.integers(1, 3), st.integers(1, 30)),
    st.sampled_from([0.0, 0.5]),
)


def warehouse(folder: Path, people: list[Person]) -> Path:
    """Make the marts of a world."""
    file = folder / "warehouse.duckdb"
    file.unlink(missing_ok=True)
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.dim_customers"
            " (customer_id varchar, is_internal boolean, email varchar, phone varchar)"
        )
        connection.execute(
            "create table marts.dim_customer_consent (customer_id varchar, purpose varchar, channel varchar,"
            " status varchar, is_current boolean, decided_by varchar)"
        )
        connection.execute(
            "create table marts.fct_touchpoints (customer_id varchar, direction varchar, channel varchar,"
            " stage varchar, touchpoint_type varchar, occurred_at timestamp)"
        )
        for number, person in enumerate(people):
            name = str(number)
            connection.execute(
                "insert into marts.dim_customers values (?, ?, ?, ?)",
                [
                    name,
                    person.is_internal,
                    "e" if person.has_email else None,
                    "p" if person.has_phone else None,
                ],
            )
            for (purpose, channel), (is_granted, is_current) in person.consents.items():
                status = "granted" if is_granted else "withdrawn"
                connection.execute(
                    "insert into marts.dim_customer_consent values (?, ?, ?, ?, ?, 'cse')",
                    [name, purpose, channel, status, is_current],
                )
            for message in range(person.messages):
                kind = "email_bounced" if person.has_bounced else "email_delivered"
                connection.execute(
                    "insert into marts.fct_touchpoints values (?, 'outbound', 'email', 'awareness', ?, ?)",
                    [name, kind, NOW.replace(tzinfo=None) - timedelta(days=message, hours=1)],
                )
    return file


def may_be_sent(person: Person, channel: str) -> bool:
    """Read a person's consents one by one."""
    current = {key: is_granted for key, (is_granted, is_current) in person.consents.items() if is_current}
    if channel == "ads":
        answers = [is_granted for (purpose, _), is_granted in current.items() if purpose == "advertising"]
        return bool(answers) and all(answers)
    return current.get(("marketing", channel), False)


@given(people=PEOPLE, audience=AUDIENCES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_without_consent_is_ever_sent(
    tmp_path: Path, people: list[Person], audience: Audience
) -> None:
    members = members_of(audience, warehouse(tmp_path, people), NOW)
    assert {member.customer_id for member in members} == {str(number) for number in range(len(people))}
    for member in members:
        person = people[int(member.customer_id)]
        if member.outcome == SENT:
            assert may_be_sent(person, audience.channel)
            assert not person.is_internal
            assert person.has_phone if audience.channel == "sms" else person.has_email
            assert member.consent
            if audience.frequency_cap and audience.channel == "email":
                recent = min(person.messages, audience.frequency_cap.days)
                assert recent < audience.frequency_cap.messages
        if member.outcome == "no_consent":
            assert not may_be_sent(person, audience.channel)
    assert sum(counted(members).values()) == len(members)


def test_an_audience_reads_no_file_of_the_machine(tmp_path: Path) -> None:
    file = warehouse(tmp_path, [])
    secret = tmp_path / "secret.csv"
    secret.write_text("customer_id\n1\n")
    audience = Audience("a", "o", "d", "email", f"select customer_id from '{secret}'", {})
    with pytest.raises(AudienceError, match="disabled"):
        members_of(audience, file, NOW)


def test_an_audience_of_a_segment_is_who_is_in_it_now(tmp_path: Path) -> None:
    people = [Person(False, True, True, {("marketing", "email"): (True, True)}, 0, False) for _ in range(3)]
    file = _with_segments(warehouse(tmp_path, people))
    members = members_of(_audience_of_segment(tmp_path, "at_risk"), file, NOW)
    assert [(member.customer_id, member.outcome) for member in members] == [("0", SENT)]


def test_an_audience_of_an_unknown_segment_names_it_and_those_that_there_are(tmp_path: Path) -> None:
    file = _with_segments(warehouse(tmp_path, []))
    with pytest.raises(AudienceError, match=r"back names the segment lost, .* there are at_risk, new"):
        members_of(_audience_of_segment(tmp_path, "lost"), file, NOW)


@pytest.mark.parametrize("members", ["segment: new\nsql: select 1", "", "segment: new'", "segment: 3"])
def test_an_audience_has_a_segment_or_sql(tmp_path: Path, members: str) -> None:
    with pytest.raises(AudienceError, match=r"back\.yml.*(either segment|segment)"):
        read_audience(_written(tmp_path, members))


def _audience_of_segment(folder: Path, segment: str) -> Audience:
    return read_audience(_written(folder, f"segment: {segment}"))


def _written(folder: Path, members: str) -> Path:
    file = folder / "back.yml"
    text = (
        "description: d\nowner: o@example.com\npurpose: marketing\nchannel: email\n"
        "destination: {kind: files, url: out}\n"
    )
    file.write_text(text + members, encoding="utf-8")
    return file


def _with_segments(file: Path) -> Path:
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute("create schema seeds")
        connection.execute("create table seeds.segments as select unnest(['new', 'at_risk']) as segment")
        connection.execute("""
            create table marts.fct_segment_membership as
            from (values ('0', 'at_risk', true), ('1', 'at_risk', false), ('2', 'new', true))
                as t (customer_id, segment, is_current)
        """)
    return file
