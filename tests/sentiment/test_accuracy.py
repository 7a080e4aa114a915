"""What we read in a text against what people read in it: 4,200 short messages with people's mean rating."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.laws.repository import ROOT
from tests.sentiment.text_model import labels_of

RATED = ROOT.parent / "shared" / "data" / "sentiment" / "tweets_GroundTruth.txt"
MESSAGES, ACCURACY = 4_200, 0.926
# The bound of ratings and labels: values nearer to 0 are neutral.
BOUND = 0.05


def label_of(rating: float) -> str:
    if rating >= BOUND:
        return "positive"
    return "negative" if rating <= -BOUND else "neutral"


def rated_texts(path: Path) -> Iterator[tuple[str, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        for _, rating, text in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield text, float(rating)


@pytest.fixture(scope="module")
def rated() -> list[tuple[str, float]]:
    if not RATED.exists():
        pytest.skip("the rated messages (VADER's tweets_GroundTruth.txt) are not in ../shared/data/sentiment")
    return list(rated_texts(RATED))


def test_labels_agree_with_people_as_often_as_published(rated: list[tuple[str, float]]) -> None:
    labels = labels_of([text for text, _ in rated])
    agreed = sum(labels[text] == label_of(rating) for text, rating in rated)
    assert len(rated) == MESSAGES
    assert agreed / len(rated) >= ACCURACY


def test_one_text_is_read_once_however_often_it_is_written() -> None:
    texts = ["I love it", "I hate it", "It is a bag", "I love it"]
    assert labels_of(texts) == {"I love it": "positive", "I hate it": "negative", "It is a bag": "neutral"}
