"""Sendings to a real server that is sometimes busy or broken: in the end it has the audience."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import fsspec
import pytest

from activation import destinations
from activation.definitions import Audience, AudienceError, Cap
from activation.members import counted, members_of
from activation.sending import Sending, activate
from activation.state import public_id
from tests.activation.test_members import NOW, Person, warehouse
from tests.pipeline_run.run import environment

CONSENT = {("marketing", "email"): (True, True)}
PEOPLE = [Person(False, True, True, dict(CONSENT), 0, False) for _ in range(25)]


class Receiver(ThreadingHTTPServer):
    """A destination that first returns the given statuses, then succeeds; it skips repeated batches."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[int] = []
        self.asked = 0
        self.seen: set[str] = set()
        self.members: dict[str, str | None] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        answer = self.server.answers.pop(0) if self.server.answers else 200
        if answer == 200 and self.headers["Idempotency-Key"] not in self.server.seen:
            self.server.seen.add(self.headers["Idempotency-Key"])
            for member in json.loads(body)["members"]:
                if member["action"] == "add":
                    self.server.members[member["id"]] = member["email"]
                else:
                    del self.server.members[member["id"]]
        self.send_response(answer)
        if answer == 429:
            self.send_header("Retry-After", "1")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def landing(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "marketing"
    with environment({"SOURCES__MARKETING__BUCKET_URL": str(folder)}):
        yield folder


def audience(url: str, kind: str = "webhook", channel: str = "email", **destination: str) -> Audience:
    sql = "select customer_id from dim_customers"
    return Audience("buyers", "crm", "all", channel, sql, {"kind": kind, "url": url, **destination})


def withdraw(file: Path, customer: str) -> None:
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute(
            "update marts.dim_customer_consent set status = 'withdrawn' where customer_id = ?", [customer]
        )


def events(landing: Path) -> list[dict[str, Any]]:
    files = sorted((landing / "audiences").glob("*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_server_that_fails_at_times_holds_the_audience_in_the_end(
    receiver: Receiver, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "BATCH", 10)
    receiver.answers = [503, 429, 200, 500, 502, 200]
    file = warehouse(tmp_path, PEOPLE)
    assert activate(audience(receiver.url), file, NOW).added == 25
    assert list(receiver.members.values()) == ["e"] * 25
    assert receiver.asked == 7
    assert {event["event"] for event in events(landing)} == {"Audience Member Added"}
    assert len({event["messageId"] for event in events(landing)}) == 25
    assert all(event["properties"]["consent_event_id"] == "cse" for event in events(landing))


def test_only_changes_are_sent_and_who_withdraws_is_removed(
    receiver: Receiver, landing: Path, tmp_path: Path
) -> None:
    file = warehouse(tmp_path, PEOPLE)
    activate(audience(receiver.url), file, NOW)
    asked = receiver.asked
    again = activate(audience(receiver.url), file, NOW)
    assert (again.added, again.changed, again.removed, receiver.asked) == (0, 0, 0, asked)
    withdraw(file, "3")
    last = activate(audience(receiver.url), file, NOW + timedelta(days=1))
    assert (last.added, last.changed, last.removed) == (0, 0, 1)
    assert len(receiver.members) == 24
    removals = [event for event in events(landing) if event["event"] == "Audience Member Removed"]
    assert [event["context"]["traits"] for event in removals] == [{}]


def test_a_server_that_does_not_recover_leaves_everything_to_be_sent_again(
    receiver: Receiver, landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destinations, "TRIES", 1)
    monkeypatch.setattr(destinations, "FIRST_WAIT_SECONDS", 0)
    receiver.answers = [400] * 50
    file = warehouse(tmp_path, PEOPLE)
    with pytest.raises(AudienceError, match="was not sent"):
        activate(audience(receiver.url), file, NOW)
    assert not landing.exists()
    assert list(file.parent.glob("audiences/work-*")) == []
    receiver.answers = []
    assert activate(audience(receiver.url), file, NOW) == Sending(
        "buyers", {**dict.fromkeys(_outcomes(), 0), "sent": 25}, 25, 0, 0
    )
    assert len(receiver.members) == 25


def _outcomes() -> list[str]:
    return ["internal", "no_contact", "suppressed", "no_consent", "frequency_cap", "held_out", "sent"]


def test_an_ad_platform_gets_hashes_of_what_it_would_normalise_to_the_same(
    landing: Path, tmp_path: Path
) -> None:
    person = Person(False, True, True, {("advertising", "web"): (True, True)}, 0, False)
    file = warehouse(tmp_path, [person])
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute(
            "update marts.dim_customers set email = ' Ana@Example.org', phone = '+1 (312) 555-0143'"
        )
    activate(audience(str(tmp_path / "ads"), "ads", "ads"), file, NOW)
    (written,) = (tmp_path / "ads" / "buyers").glob("*.csv")
    email, phone = (hashlib.sha256(text).hexdigest() for text in (b"ana@example.org", b"+13125550143"))
    assert written.read_text().splitlines()[1].endswith(f",{email},{phone}")
    assert "Example" not in written.read_text()


@pytest.mark.parametrize("bucket", ["files", "memory://bucket"])
def test_what_is_written_as_parquet_is_what_is_written_as_csv(
    landing: Path, tmp_path: Path, bucket: str
) -> None:
    """Both to a folder, and to a bucket of fsspec's own."""
    url = bucket if "://" in bucket else str(tmp_path / bucket)
    written = {}
    for kind in ("csv", "parquet"):
        folder = tmp_path / kind
        folder.mkdir()
        file = warehouse(folder, PEOPLE)
        activate(audience(f"{url}/{kind}", "files", format=kind), file, NOW)
        withdraw(file, "3")
        activate(audience(f"{url}/{kind}", "files", format=kind), file, NOW + timedelta(days=1))
        written[kind] = rows_in_files(f"{url}/{kind}/buyers")
    assert len(written["csv"]) == 26
    assert {row[0] for row in written["csv"]} == {"add", "remove"}
    assert written["parquet"] == written["csv"]


def rows_in_files(url: str) -> list[tuple[str | None, ...]]:
    """Read every file below a url, by DuckDB."""
    files = fsspec.core.url_to_fs(url)[0]
    rows = []
    with closing(duckdb.connect()) as connection:
        connection.register_filesystem(fsspec.filesystem("memory"))
        for path in files.ls(url, detail=False):
            place = path if "memory" not in url else f"memory://{path}"
            read = "read_parquet(?)" if path.endswith("parquet") else "read_csv(?, all_varchar = true)"
            rows += connection.execute(f"select * from {read}", [place]).fetchall()
    return sorted(rows, key=repr)


def test_the_same_people_are_held_out_every_time_and_never_sent(
    receiver: Receiver, landing: Path, tmp_path: Path
) -> None:
    held = replace(audience(receiver.url), holdout_share=0.4)
    file = warehouse(tmp_path, PEOPLE)
    first = activate(held, file, NOW)
    assert 0 < first.outcomes["held_out"] < 25
    assert first.added == 25 - first.outcomes["held_out"] == len(receiver.members)
    again = activate(held, file, NOW + timedelta(days=30))
    assert (again.added, again.removed) == (0, 0)
    assert again.outcomes["held_out"] == first.outcomes["held_out"]
    out = {public_id(m.customer_id) for m in members_of(held, file, NOW) if m.outcome == "held_out"}
    assert out.isdisjoint(receiver.members)


def test_who_was_held_out_of_many_is_about_the_share(tmp_path: Path) -> None:
    people = [PEOPLE[0]] * 400
    held = replace(audience("http://unused.example"), holdout_share=0.25)
    outcomes = counted(members_of(held, warehouse(tmp_path, people), NOW))
    # Of 400 draws a quarter is 100, give or take nine; five times that happens once in millions.
    assert abs(outcomes["held_out"] - 100) < 45


def test_the_cap_keeps_out_who_is_new_and_not_who_is_in(
    receiver: Receiver, landing: Path, tmp_path: Path
) -> None:
    capped = replace(audience(receiver.url), frequency_cap=Cap(2, 7))
    file = warehouse(tmp_path, [Person(False, True, True, dict(CONSENT), count, False) for count in range(4)])
    first = activate(capped, file, NOW)
    assert (first.added, first.outcomes["frequency_cap"]) == (2, 2)
    with closing(duckdb.connect(str(file))) as connection:
        connection.execute(
            "insert into marts.fct_touchpoints select '0', 'outbound', 'email', 'awareness', 'email_delivered',"
            f" timestamp '{NOW:%Y-%m-%d}' from range(2)"
        )
    second = activate(capped, file, NOW + timedelta(hours=1))
    assert (second.added, second.removed, second.outcomes["frequency_cap"]) == (0, 0, 3)
    assert len(receiver.members) == 2
    # After the seven days everybody may be written to again.
    third = activate(capped, file, NOW + timedelta(days=8))
    assert (third.added, third.removed, len(receiver.members)) == (2, 0, 4)
