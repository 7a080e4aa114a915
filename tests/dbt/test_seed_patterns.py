"""The regular expressions that the seeds hold, on values whose answer is known."""

import csv

import duckdb
import pytest

from tests.dbt.rendering import PROJECT


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a seed."""
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def matches(text: str, pattern: str) -> bool:
    """Whether DuckDB finds the pattern in the text."""
    row = duckdb.execute("select regexp_matches(?, ?)", [text, pattern]).fetchone()
    return bool(row and row[0])


@pytest.mark.parametrize(
    ("identifier_type", "value", "is_blocked"),
    [
        ("email", "test@shop.example", True),
        ("email", "info@shop.example", True),
        ("email", "no-reply+7@shop.example", True),
        ("email", "ana@example.org", False),
        ("email", "testa.rossa@example.org", False),
        ("email", "informatica@example.org", False),
        ("phone", "+10000000000", True),
        ("phone", "0000000000", True),
        ("phone", "+15555555555", True),
        ("phone", "+12125550188", False),
        ("phone", "+447700900001", False),
        ("user_id", "null", True),
        ("user_id", "[object object]", True),
        ("user_id", "{{ user.id }}", True),
        ("user_id", "'u-1'", True),
        ("user_id", "u-100", False),
        ("anonymous_id", "0-0-0", True),
        ("social", "instagram:deleted", True),
        ("social", "instagram:@lena", False),
    ],
)
def test_a_placeholder_is_no_identifier(identifier_type: str, value: str, is_blocked: bool) -> None:
    rows = [
        row for row in seed("identity_blocked_values") if row["identifier_type"] in (identifier_type, "any")
    ]
    blocked = any(
        matches(value, row["value"]) if row["is_pattern"] == "true" else value == row["value"] for row in rows
    )
    assert blocked == is_blocked


@pytest.mark.parametrize(
    ("identifier_type", "value", "is_valid"),
    [
        ("email", "a.b+c@mail.example.org", True),
        ("email", "a b@example.org", False),
        ("email", "nobody@localhost", False),
        ("phone", "+12125550188", True),
        ("phone", "2125550188", False),
        ("user_id", "u" * 199, True),
        ("user_id", "u" * 300, False),
        ("social", "instagram:@lena", True),
        ("social", "@lena", False),
        ("social", "instagram:@", False),
    ],
)
def test_an_identifier_has_the_form_of_its_type(identifier_type: str, value: str, is_valid: bool) -> None:
    (pattern,) = [
        row["valid_pattern"] for row in seed("identity_rules") if row["identifier_type"] == identifier_type
    ]
    assert matches(value, pattern) == is_valid


# Segment's published specs: ecommerce (both versions), mobile, desktop, email, live chat, B2B SaaS, A/B testing,
# video and AI copilot; subscriptions are named by mobile billing services.
SEGMENT_SPECS = """
Products Searched|Product List Viewed|Product List Filtered|Promotion Viewed|Promotion Clicked|Product Clicked
Product Viewed|Product Added|Product Removed|Cart Viewed|Checkout Started|Checkout Step Viewed
Checkout Step Completed|Payment Info Entered|Order Completed|Order Updated|Order Refunded|Order Cancelled
Coupon Entered|Coupon Applied|Coupon Denied|Coupon Removed|Product Added to Wishlist
Product Removed from Wishlist|Wishlist Product Added to Cart|Product Shared|Cart Shared|Product Reviewed
Application Installed|Application Opened|Application Updated|Application Backgrounded|Application Foregrounded
Application Crashed|Application Uninstalled|Install Attributed|Push Notification Received
Push Notification Tapped|Push Notification Bounced|Deep Link Opened|Deep Link Clicked
Email Delivered|Email Opened|Email Link Clicked|Email Bounced|Email Marked as Spam|Unsubscribed
Live Chat Conversation Started|Live Chat Message Sent|Live Chat Message Received|Live Chat Conversation Ended
Viewed Product Category|Viewed Product|Added Product|Removed Product|Completed Order|Viewed Promotion|Clicked Promotion
Viewed Checkout Step|Completed Checkout Step|Application Hidden|Application Unhidden|Application Terminated
Account Created|Account Deleted|Account Added User|Account Removed User|Signed Up|Signed In|Signed Out|Invite Sent
Trial Started|Trial Ended|Experiment Viewed|Subscription Started|Subscription Renewed|Subscription Cancelled
Video Playback Started|Video Playback Paused|Video Playback Interrupted|Video Playback Buffer Started
Video Playback Buffer Completed|Video Playback Seek Started|Video Playback Seek Completed|Video Playback Resumed
Video Playback Completed|Video Playback Exited|Video Content Started|Video Content Playing|Video Content Completed
Video Ad Started|Video Ad Playing|Video Ad Completed|Conversation Started|Conversation Ended|Message Sent
Message Received|Tool Invoked|Media Generated|Component Loaded|Feedback Submitted
""".replace("\n", "|").strip("|")


@pytest.mark.parametrize("event", SEGMENT_SPECS.split("|"))
def test_an_event_of_the_published_specs_has_a_meaning(event: str) -> None:
    known = {row["event"] for row in seed("touchpoint_types") if row["source"] == "segment"}
    assert event in known


@pytest.mark.parametrize(
    ("stated_type", "value", "is_internal"),
    [
        ("user_id", "qa-7", True),
        ("user_id", "u-qa-7", False),
        ("user_id", "tester", False),
        ("email", "ana+qa7@shop.example", True),
        ("email", "ana+news@shop.example", False),
        ("email", "qa@shop.example", False),
        ("payment_token", "test_4242", True),
        ("payment_token", "tok_test", False),
        ("payment_token", "tok_visa", True),
        ("payment_token", "tok_1a2b", False),
        ("payment_token", "4242424242424242", True),
        ("loyalty_tier", "staff", True),
        ("loyalty_tier", "gold", False),
        ("ip", "127.0.0.1", True),
        ("ip", "10.127.0.1", False),
    ],
)
def test_our_own_people_are_not_customers(stated_type: str, value: str, is_internal: bool) -> None:
    patterns = [row["value_pattern"] for row in seed("internal_traffic") if row["told_type"] == stated_type]
    assert any(matches(value, pattern) for pattern in patterns) == is_internal
