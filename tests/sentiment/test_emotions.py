"""The emotions that the rules read, on texts whose emotion a person has read."""

import pytest

from tests.sentiment.scores import CustomerText, customer_texts, precision_and_recall
from tests.sentiment.text_model import Reading, readings_of

READ = ("en", "de", "es", "fr")


@pytest.fixture(scope="module")
def texts() -> list[CustomerText]:
    return customer_texts()


@pytest.fixture(scope="module")
def readings(texts: list[CustomerText]) -> dict[str, Reading]:
    return readings_of([text.text for text in texts])


@pytest.mark.parametrize("language", READ)
def test_the_rules_read_what_they_were_written_for(
    language: str, texts: list[CustomerText], readings: dict[str, Reading]
) -> None:
    chosen = [text for text in texts if text.part == "tuned" and text.emotion and text.language == language]
    scores = precision_and_recall(chosen, readings)
    assert len(chosen) >= 50
    assert {emotion: score for emotion, score in scores.items() if min(score) < 0.9} == {}


def test_on_texts_never_seen_the_rules_are_seldom_wrong_and_miss_some(
    texts: list[CustomerText], readings: dict[str, Reading]
) -> None:
    chosen = [text for text in texts if text.part == "held_out"]
    scores = precision_and_recall(chosen, readings)
    assert scores["frustration"] >= (0.95, 0.4)
    assert scores["joy"] >= (0.9, 0.8)
    assert scores["curiosity"] >= (0.9, 0.8)


def test_the_language_is_named(texts: list[CustomerText], readings: dict[str, Reading]) -> None:
    right = sum(readings[text.text].language == text.language for text in texts)
    assert right >= 0.98 * len(texts)


def test_a_text_in_a_language_without_rules_has_no_emotion(
    texts: list[CustomerText], readings: dict[str, Reading]
) -> None:
    others = [text for text in texts if text.language not in READ]
    read = [readings[text.text] for text in others]
    named = [reading for reading in read if reading.language not in READ]
    assert len(named) >= 0.95 * len(others)
    assert {(r.sentiment, r.sentiment_label, r.emotion) for r in named} == {(None, None, None)}


def test_a_plain_complaint_needs_no_word_that_sounds_bad() -> None:
    complaints = [
        "I have to explain it all again",
        "fed up",
        "still waiting",
        "third time",
        "Still no answer",
        "ich warte immer noch",
        "estoy harta de esperar",
        "j'en ai marre",
    ]
    assert {reading.emotion for reading in readings_of(complaints).values()} == {"frustration"}


def test_a_question_needs_no_question_mark_and_marks_alone_have_no_language() -> None:
    readings = readings_of(["do you ship to Norway", "?"])
    assert readings["do you ship to Norway"].emotion == "curiosity"
    assert (readings["?"].language, readings["?"].emotion) == (None, "curiosity")


def test_a_negated_praise_is_no_joy_and_accents_and_marks_do_not_matter() -> None:
    texts = ["Not great", "It is GREAT, Zoë!!", "Das ist großartig"]
    readings = readings_of(texts)
    assert [readings[text].emotion for text in texts] == ["frustration", "joy", "joy"]
