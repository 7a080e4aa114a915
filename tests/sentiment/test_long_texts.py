"""A text without end: anybody may send one, and VADER's time grows with the square of it."""

from tests.sentiment.text_model import labels_of


def test_of_a_long_text_the_beginning_is_read() -> None:
    kind = "good " * 2_000
    assert len(kind) == 10_000
    text = kind + "horrible awful " * 2_000
    assert labels_of([text]) == {text: "positive"}
