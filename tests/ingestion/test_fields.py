"""Which fields records have, of which type and how often, by load."""

from ingestion.sources import load
from tests.ingestion.place import Place, lines, message

FIELDS = "SELECT object, field, value_type, records::INT FROM raw.observed_fields WHERE {} ORDER BY ALL"


def test_fields_of_messages_are_counted_by_event_and_type(place: Place) -> None:
    bought = {"type": "track", "event": "Order Completed"}
    place.land(
        "a.jsonl",
        lines(
            message("m1", **bought, properties={"total": 5, "coupon": None, "a/b~c": [1]}, surprise=True),
            message("m2", **bought, properties={"total": "5", "user_12345678": 1, "ann@example.org": "x"}),
            message("m2", **bought, properties={"total": 5}),
            message("m3", type="identify", traits={"vip": {"since": 2020}}),
        ),
    )
    load("web")
    found = place.ask(FIELDS.format("field NOT LIKE 'context.%'"))
    assert found == [
        ("Order Completed", "(a contact)", "text", 1),
        ("Order Completed", "(all)", "", 2),
        ("Order Completed", "properties.a/b~c", "array", 1),
        ("Order Completed", "properties.total", "number", 1),
        ("Order Completed", "properties.total", "text", 1),
        ("Order Completed", "properties.user_#", "number", 1),
        ("Order Completed", "surprise", "boolean", 1),
        ("identify", "(all)", "", 1),
        ("identify", "traits.vip", "object", 1),
    ]


def test_a_load_without_news_observes_nothing(place: Place) -> None:
    place.land("a.jsonl", lines(message("m1", properties={"x": 1})))
    load("web")
    place.land("b.jsonl", lines(message("m1", properties={"x": 1})))
    load("web")
    assert place.ask("SELECT count(DISTINCT _dlt_load_id) FROM raw.observed_fields") == [(1,)]
