"""Precision and recall of the emotions read in customers' texts; ``python -m tests.sentiment.scores`` prints them.

``customer_texts.tsv`` has the language and emotion that a person reads. The rules were written with the part ``tuned``
in sight. The part ``held_out`` was written after them, and no rule was changed for it: what is read there is what can
be expected of texts that nobody has seen.
"""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.sentiment.text_model import Reading, readings_of

TEXTS = Path(__file__).parent / "customer_texts.tsv"
EMOTIONS = ("frustration", "joy", "curiosity", "neutral")


@dataclass(frozen=True)
class CustomerText:
    """A text with the language and the emotion that a person reads in it; none in a language without rules."""

    part: str
    language: str
    emotion: str | None
    text: str


def customer_texts() -> list[CustomerText]:
    """Read the labelled texts."""
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            CustomerText(row["part"], row["language"], row["emotion"] or None, row["text"]) for row in rows
        ]


def precision_and_recall(
    texts: Sequence[CustomerText], readings: dict[str, Reading]
) -> dict[str, tuple[float, float]]:
    """Return the precision and recall of each emotion; the precision of an emotion that is never found is 1."""
    pairs = Counter((text.emotion, readings[text.text].emotion) for text in texts)
    right = {emotion: pairs[emotion, emotion] for emotion in EMOTIONS}
    read = {emotion: sum(pairs[other, emotion] for other in EMOTIONS) for emotion in EMOTIONS}
    meant = {emotion: sum(pairs[emotion, other] for other in EMOTIONS) for emotion in EMOTIONS}
    return {
        emotion: (
            right[emotion] / read[emotion] if read[emotion] else 1.0,
            right[emotion] / meant[emotion] if meant[emotion] else 1.0,
        )
        for emotion in EMOTIONS
    }


def main() -> None:
    """Print a table for each part and language."""
    texts = customer_texts()
    readings = readings_of([text.text for text in texts])
    named = sum(readings[text.text].language == text.language for text in texts)
    print(f"language: {named} of {len(texts)} right")
    for part in ("tuned", "held_out"):
        for language in ("en", "de", "es", "fr", None):
            chosen = [
                text
                for text in texts
                if text.part == part and text.emotion and language in (None, text.language)
            ]
            scores = precision_and_recall(chosen, readings)
            figures = "  ".join(f"{emotion} P {p:.2f} R {r:.2f}" for emotion, (p, r) in scores.items())
            print(f"{part:9}{language or 'all':4}{len(chosen):5}  {figures}")


if __name__ == "__main__":
    main()
