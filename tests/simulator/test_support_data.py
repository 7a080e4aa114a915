"""A story's support block becomes what the API serves."""

import pytest

from simulator.support_data import support_data

BLOCK = {
    "users": [{"id": 11, "role": "end-user", "name": "Ida", "created_at": "2026-04-01T00:00:00Z"}],
    "tickets": [
        {
            "id": 100,
            "requester_id": 11,
            "assignee_id": 3,
            "subject": "Parcel",
            "status": "solved",
            "via": {"channel": "chat"},
            "created_at": "2026-04-02T10:00:00Z",
            "updated_at": "2026-04-02T10:10:00Z",
        },
        {"id": 101, "requester_id": 11, "status": "open", "created_at": "2026-04-03T10:00:00Z"},
    ],
    "comments": [
        {
            "ticket_id": 100,
            "author_id": 3,
            "public": True,
            "body": "Let me look",
            "created_at": "2026-04-02T10:01:00Z",
        }
    ],
}


def test_what_is_left_out_is_null_or_empty_and_updated_when_created() -> None:
    ticket = support_data(BLOCK).tickets[1]
    assert (ticket["priority"], ticket["tags"], ticket["custom_fields"]) == (None, [], [])
    assert ticket["updated_at"] == "2026-04-03T10:00:00Z"


def test_a_comment_is_an_audit_and_a_solved_ticket_has_a_change() -> None:
    comment, solved = support_data(BLOCK).ticket_events
    assert (comment["ticket_id"], comment["created_at"], comment["timestamp"]) == (
        100,
        "2026-04-02T10:01:00Z",
        1775124060,
    )
    (child,) = comment["child_events"]
    assert (child["event_type"], child["author_id"], child["body"]) == ("Comment", 3, "Let me look")
    assert (solved["ticket_id"], solved["created_at"]) == (100, "2026-04-02T10:10:00Z")
    assert solved["child_events"][0]["event_type"] == "Change"
    assert solved["child_events"][0]["status"] == "solved"
    assert comment["id"] != solved["id"]


def test_a_story_may_state_the_end_of_a_ticket_itself() -> None:
    given = {
        "id": 1,
        "ticket_id": 100,
        "created_at": "2026-04-02T10:05:00Z",
        "child_events": [{"id": 2, "event_type": "Change", "status": "solved", "previous_value": "open"}],
    }
    events = support_data({**BLOCK, "ticket_events": [given]}).ticket_events
    ends = [event for event in events if any("status" in child for child in event["child_events"])]
    assert [event["created_at"] for event in ends] == ["2026-04-02T10:05:00Z"]
    assert ends[0]["timestamp"] == 1775124300


def test_solved_at_moves_the_end_of_a_ticket_and_is_not_served() -> None:
    ticket = {**BLOCK["tickets"][0], "solved_at": "2026-04-02T10:04:00Z"}
    data = support_data({"tickets": [ticket]})
    assert data.ticket_events[0]["created_at"] == "2026-04-02T10:04:00Z"
    assert "solved_at" not in data.tickets[0]


def test_a_misspelt_key_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown keys tikets"):
        support_data({"tikets": []})
