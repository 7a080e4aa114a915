"""Faults happen at their rate, and are visible in the written files."""

import gzip
import json
import math
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from simulator.broken_lines import ONCE_A_SOURCE, REASONS, broken_line
from simulator.mess import RATES, misspelt, mistyped_email
from tests.simulator.landed import EVENT_SOURCES, Simulated, is_gzipped, messages_of


def _is_near(made: float, chances: float, share: float) -> bool:
    """Whether a count is within four standard deviations of its rate."""
    return abs(made - chances * share) <= 4 * math.sqrt(chances * share * (1 - share)) + 1


@pytest.mark.parametrize("name", list(RATES))
def test_each_mishap_happens_at_its_rate(simulated: Simulated, name: str) -> None:
    counted = simulated.summary()["mess"][name]
    assert counted["rate"] == RATES[name].share
    assert counted["chances"] > 0
    assert _is_near(counted["made"], counted["chances"], counted["rate"])


def test_messages_come_twice_at_the_rate_of_duplicates_and_in_another_file(simulated: Simulated) -> None:
    files: dict[str, list[Path]] = defaultdict(list)
    for source in EVENT_SOURCES:
        for path, message in simulated.messages(source):
            if path.name != "events-again.jsonl.gz":
                files[message["messageId"]].append(path)
    twice = [paths for paths in files.values() if len(paths) > 1]
    assert _is_near(len(twice), len(files), RATES["duplicate_delivery"].share)
    assert all(len(set(paths)) == len(paths) == 2 for paths in twice)


def test_some_files_hold_events_of_days_long_past(simulated: Simulated) -> None:
    late = [
        message
        for source in ("web", "app")
        for _, message in simulated.messages(source)
        if datetime.fromisoformat(message["receivedAt"])
        - datetime.fromisoformat(message["originalTimestamp"])
        > timedelta(hours=20)
    ]
    sessions = {(message["anonymousId"], message["receivedAt"][:10]) for message in late}
    chances = simulated.summary()["mess"]["late_session"]["chances"]
    assert 0.3 * RATES["late_session"].share < len(sessions) / chances < 2 * RATES["late_session"].share


def test_names_on_loyalty_cards_are_misspelt_at_their_rate(simulated: Simulated) -> None:
    people = {person["person_id"]: person for person in simulated.truth("people")}
    owner = {
        r["record_id"]: r["person_id"] for r in simulated.truth("records") if r["table"] == "store_members"
    }
    members = simulated.store("select member_id, last_name from members")
    wrong = [name for member_id, name in members if people[owner[member_id]]["last_name"] != name]
    assert _is_near(len(wrong), len(members), RATES["typo_in_name"].share)


def test_event_files_are_gzipped_batched_or_plain(simulated: Simulated) -> None:
    files = [path for source in EVENT_SOURCES for path in simulated.event_files(source)]
    gzipped = [path for path in files if path.suffix == ".gz"]
    assert all(is_gzipped(path) for path in gzipped)
    assert _is_near(len(gzipped), len(files), RATES["gzip_file"].share)
    batched = [path for path in files if any(line.startswith(b'{"batch":') for line in simulated.lines(path))]
    assert _is_near(len(batched), len(files), RATES["batch_file"].share)
    hourly = [path for path in simulated.event_files("app") if path.parent.parent.name != "app"]
    assert hourly


def test_broken_lines_come_in_every_kind(simulated: Simulated) -> None:
    reasons = Counter(row["reason"] for row in simulated.truth("rejects"))
    always = {*REASONS, "truncated_gzip", "missing_key", "type_mismatch"} - ONCE_A_SOURCE
    assert always <= set(reasons) <= always | ONCE_A_SOURCE


@pytest.mark.parametrize("reason", list(REASONS))
def test_a_broken_line_has_its_fault(reason: str) -> None:
    good = {"messageId": "m", "type": "track", "event": "e", "timestamp": "2026-09-01T00:00:00Z"}
    line = broken_line(reason, json.dumps(good).encode() + b"\n", Random(1))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert messages_of(line) == []
    if reason == "record_too_large":
        assert len(line) > 1024 * 1024
    if reason == "unreadable_bytes":
        with pytest.raises(UnicodeDecodeError):
            line.decode()


def test_the_cut_off_file_repeats_messages_and_breaks_off(simulated: Simulated) -> None:
    (path,) = (p for p in simulated.event_files("web") if p.name == "events-again.jsonl.gz")
    lines = simulated.lines(path)
    assert 0 < len(lines) < 60
    with pytest.raises(EOFError), gzip.open(path) as file:
        file.read()
    repeated = {message["messageId"] for line in lines for message in messages_of(line)}
    others = {m["messageId"] for other, m in simulated.messages("web") if other != path}
    assert repeated <= others


def test_typing_errors_never_leave_a_word_as_it_was() -> None:
    rng = Random(5)
    for word in ("Mia", "Anna", "Lee", "Oo", "Zimmerman"):
        assert all(misspelt(word, rng) != word for _ in range(200))
    assert all(mistyped_email("m.mia17@example.org", rng) != "m.mia17@example.org" for _ in range(200))


def test_prices_differ_between_store_and_web_for_some_products(simulated: Simulated) -> None:
    online = {
        message["properties"]["product_id"]: message["properties"]["price"]
        for source in ("web", "app")
        for _, message in simulated.messages(source)
        if message.get("event") == "Product Viewed"
        and message["properties"]["currency"] == "USD"
        and not isinstance(message["properties"]["price"], str)
    }
    sold = simulated.store(
        "select distinct product_id, unit_price"
        " from transaction_lines join transactions using (transaction_id)"
        " where kind = 'sale' and currency = 'USD'"
    )
    compared = [(product, price) for product, price in sold if product in online]
    different = [product for product, price in compared if abs(online[product] - price) > 0.001]
    assert 0 < len(different) < len(compared) / 4


def test_the_readme_lists_every_rate() -> None:
    readme = (Path(__file__).parents[2] / "simulator" / "README.md").read_text(encoding="utf-8")
    rows = [line for line in readme.splitlines() if re.match(r"\| `\w+` \| [\d.]+% \|", line)]
    assert rows == [f"| `{name}` | {rate.share:.1%} | {rate.of} |" for name, rate in RATES.items()]
