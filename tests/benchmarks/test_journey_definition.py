"""The definition of journeys that the benchmark holds the warehouse against, case by case."""

from dataclasses import replace
from datetime import datetime, timedelta

from benchmarks.journey_definition import journeys_of
from benchmarks.journey_touches import Ticket, Touch

FIRST = datetime(2026, 3, 1, 12)
LOOK = Touch(
    touchpoint_id="",
    customer_id="c",
    is_identified=True,
    journey_id="j",
    person_id="p",
    goal_id="g",
    true_record="web_events:1",
    occurred_at=FIRST,
    is_arrival=False,
    channel="web",
    direction="inbound",
    is_conversion=False,
    conversion_id=None,
    ticket_id=None,
    objects=[],
)


def look(days: float, **more: object) -> Touch:
    """A touch so many days after the first instant, which names it."""
    at = FIRST + timedelta(days=days)
    return replace(LOOK, touchpoint_id=f"{days:g}", occurred_at=at, **more)  # type: ignore[arg-type]


def order(days: float, order_id: str) -> Touch:
    """An order completed."""
    return look(days, is_conversion=True, conversion_id=order_id, objects=[order_id])


def ticket(days: float, ticket_id: str, solved_after: float | None, subject: str = "late") -> Ticket:
    """A ticket opened so many days after the first instant."""
    at = FIRST + timedelta(days=days)
    solved_at = at + timedelta(days=solved_after) if solved_after is not None else None
    return Ticket(ticket_id, None, subject, None, at, solved_at is not None, solved_at)


def cut(touches: list[Touch], *tickets: Ticket) -> list[list[str]]:
    """The touches of each journey by their names."""
    journeys = journeys_of(touches, {one.ticket_id: one for one in tickets})
    return [[touch.touchpoint_id for touch in journey.touches] for journey in journeys]


def test_a_conversion_ends_a_journey() -> None:
    assert cut([look(0), order(1, "A"), look(2), order(3, "B")]) == [["0", "1"], ["2", "3"]]


def test_what_names_a_conversion_follows_it_however_late() -> None:
    touches = [order(0, "A"), look(50), look(60, objects=["A"])]
    assert cut(touches) == [["0", "60"], ["50"]]


def test_thirty_days_without_an_inbound_touchpoint_end_a_journey() -> None:
    assert cut([look(0), look(30), look(60.1)]) == [["0", "30"], ["60.1"]]


def test_messages_into_the_silence_do_not_prolong_it() -> None:
    touches = [look(0), look(20, direction="outbound"), look(31, direction="outbound"), look(32)]
    assert cut(touches) == [["0", "20"], ["31", "32"]]


def test_messages_of_seven_days_open_what_they_led_to_and_others_are_outreach() -> None:
    mails = [look(day, direction="outbound") for day in (0, 8, 46, 55, 99)]
    touches = [*mails[:2], look(15), *mails[2:4], order(62, "A"), mails[4]]
    assert cut(touches) == [["0"], ["8", "15"], ["46"], ["55", "62"], ["99"]]


def test_a_message_that_led_to_nothing_is_part_of_what_was_going_on() -> None:
    touches = [look(0), look(25, direction="outbound"), look(32)]
    assert cut(touches) == [["0"], ["25", "32"]]
    assert cut([touches[0], touches[1], look(40)]) == [["0", "25"], ["40"]]


def test_the_same_question_within_seven_days_is_one_case() -> None:
    touches = [look(day, ticket_id=name) for day, name in ((0, "1"), (7.5, "2"), (15.5, "3"))]
    tickets = ticket(0, "1", 1), ticket(7.5, "2", 0.5), ticket(15.5, "3", None)
    assert cut(touches, *tickets) == [["0", "7.5"], ["15.5"]]


def test_another_question_is_another_case() -> None:
    touches = [look(0, ticket_id="1"), look(1, ticket_id="2"), look(2)]
    tickets = ticket(0, "1", None), ticket(1, "2", None, subject="broken")
    assert cut(touches, *tickets) == [["0"], ["1"], ["2"]]
