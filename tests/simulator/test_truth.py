"""The truth lists every record that was written, and of nothing else."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.simulator.landed import EVENT_SOURCES, STORE_KEYS, SUPPORT_KINDS, Simulated, messages_of


def _true_records(simulated: Simulated, table: str) -> Counter[str]:
    return Counter(record["record_id"] for record in simulated.truth("records") if record["table"] == table)


def test_every_message_has_one_truth(simulated: Simulated) -> None:
    for source in EVENT_SOURCES:
        written = {message["messageId"] for _, message in simulated.messages(source)}
        true = _true_records(simulated, f"{source}_events")
        assert written == set(true)
        assert set(true.values()) == {1}


def test_every_store_row_has_one_truth(simulated: Simulated) -> None:
    for table, key in STORE_KEYS.items():
        written = {row[0] for row in simulated.store(f"select {key} from {table}")}
        true = _true_records(simulated, table if table == "store_visits" else f"store_{table}")
        assert written, table
        assert written == set(true), table
        assert set(true.values()) == {1}, table


def test_every_support_object_has_one_truth(simulated: Simulated) -> None:
    for kind in SUPPORT_KINDS:
        written = {str(record["id"]) for record in simulated.support(kind)}
        true = _true_records(simulated, f"support_{kind}")
        assert written, kind
        assert written == set(true), kind
        assert set(true.values()) == {1}, kind


def test_records_belong_to_people_that_exist_or_to_nobody_for_a_reason(simulated: Simulated) -> None:
    people = {person["person_id"] for person in simulated.truth("people")}
    for record in simulated.truth("records"):
        assert record["person_id"] in people or record["actor"] in {"crawler", "agent", "technician"}


def test_journeys_list_their_records_in_order_and_only_their_own(simulated: Simulated) -> None:
    owner = {(r["table"], r["record_id"]): r for r in simulated.truth("records")}
    for journey in simulated.truth("journeys"):
        steps = journey["records"]
        assert steps
        assert all(earlier["at"] <= later["at"] for earlier, later in pairwise(steps))
        for step in steps:
            record = owner[step["table"], step["record_id"]]
            assert record["journey_id"] == journey["journey_id"]
            assert record["person_id"] == journey["person_id"]


def test_each_handoff_is_recorded_with_its_outcome(simulated: Simulated) -> None:
    outcomes: Counter[str] = Counter()
    for journey in simulated.truth("journeys"):
        path = journey["channel_path"].split(" > ") if journey["channel_path"] else []
        handoffs = journey["handoffs"]
        assert [(h["from_channel"], h["to_channel"]) for h in handoffs] == list(pairwise(path))
        outcomes.update(handoff["outcome"] for handoff in handoffs)
        assert all((handoff["outcome"] == "continued") == (handoff["by"] is not None) for handoff in handoffs)
    assert outcomes["continued"] > outcomes["restarted"] > 10


def test_a_converted_journey_names_an_order_that_was_really_placed(simulated: Simulated) -> None:
    orders = {order["order_id"]: order for order in simulated.truth("orders")}
    placed = {
        message["properties"].get("order_id", message["messageId"]): message["properties"].get("revenue")
        for source in ("web", "app")
        for _, message in simulated.messages(source)
        if message.get("event") == "Order Completed"
    }
    sold = {row[0] for row in simulated.store("select transaction_id from transactions where kind = 'sale'")}
    tried = {
        record["record_id"] for record in simulated.truth("records") if record.get("actor") == "technician"
    }
    assert tried
    assert set(orders) == set(placed) | sold - tried
    bought = [j for j in simulated.truth("journeys") if j["goal"] == "buy" and j["outcome"] == "converted"]
    assert bought
    for journey in bought:
        order = orders[journey["conversion_id"]]
        assert order["person_id"] == journey["person_id"]
        assert journey["revenue"] == order["revenue"]
        stated = placed.get(order["order_id"])
        if isinstance(stated, float):
            assert stated == order["revenue"]


def test_the_rest_of_an_exchange_is_recorded(simulated: Simulated) -> None:
    rows = simulated.store(
        "select t.subtotal - t.discount, coalesce(t.order_id, l.returned_transaction_id)"
        " from transactions t join transaction_lines l using (transaction_id)"
        " where t.kind = 'exchange' and l.quantity < 0"
    )
    orders = {order["order_id"]: order for order in simulated.truth("orders")}
    assert {difference > 0.001 for difference, _ in rows} == {False, True}
    for difference, order_id in rows:
        order = orders[order_id]
        left = order["paid_on_top_in_exchange"] - order["returned"]
        assert left == pytest.approx(difference, abs=0.001)


def test_every_identifier_in_the_messages_is_somebodys(simulated: Simulated) -> None:
    known = {(row["type"], row["value"]) for row in simulated.truth("identifiers")}
    crawlers = {r["record_id"] for r in simulated.truth("records") if r.get("actor") == "crawler"}
    for source in EVENT_SOURCES:
        for _, message in simulated.messages(source):
            if message["messageId"] in crawlers:
                continue
            traits = message.get("traits") or message["context"].get("traits", {})
            carried = {
                "anonymous_id": message.get("anonymousId"),
                "user_id": message.get("userId"),
                "email": traits.get("email", "").lower() or None,
                "loyalty_id": traits.get("loyalty_id"),
                "device_id": message["context"].get("device", {}).get("id"),
            }
            missing = [(k, v) for k, v in carried.items() if v and (k, v) not in known]
            assert missing == [], message


def test_shared_things_are_recorded_as_shared(simulated: Simulated) -> None:
    shared = Counter(row["type"] for row in simulated.truth("identifiers") if row["status"] == "shared")
    assert shared["anonymous_id"] > 5
    assert shared["payment_token"] > 0
    assert shared["phone"] > 0
    rows = simulated.truth("identifiers")
    assert all((len(row["people"]) > 1) == (row["status"] == "shared") for row in rows)
    assert len({(row["type"], row["value"]) for row in rows}) == len(rows)


def test_files_and_rejects_are_recorded_line_by_line(simulated: Simulated) -> None:
    rejects = {(row["file"], row["line"]): row["reason"] for row in simulated.truth("rejects")}
    true = {row["file"]: row for row in simulated.truth("files")}
    for source in EVENT_SOURCES:
        for path in simulated.event_files(source):
            name = path.relative_to(simulated.out).as_posix()
            lines = simulated.lines(path)
            good = [messages_of(line) for line in lines]
            bad = {number for number, messages in enumerate(good, start=1) if not messages}
            assert bad == {line for file, line in rejects if file == name and line is not None}
            assert sum(map(len, good)) == true[name]["messages"]
            assert len(bad) <= len(lines) / 2
