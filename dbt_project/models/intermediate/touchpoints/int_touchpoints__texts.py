"""One row per distinct text that was written: its sentiment from -1 (bad) to 1 (good), after VADER."""

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

# VADER takes four times as long for a text twice as long, over a minute for 400,000 characters of it.
READ_CHARACTERS = 10_000


def model(dbt, session):
    """Distinct message texts in, (``message_text``, ``sentiment``) out."""
    dbt.config(materialized="table")
    touchpoints = dbt.ref("int_touchpoints__classified")
    written = touchpoints.filter("message_text is not null").project("message_text").distinct()
    texts = written.df()["message_text"]
    analyzer = SentimentIntensityAnalyzer()
    return pd.DataFrame(
        {
            "message_text": pd.Series(texts, dtype="string"),
            "sentiment": pd.Series(
                [analyzer.polarity_scores(text[:READ_CHARACTERS])["compound"] for text in texts],
                dtype="float64",
            ),
        }
    )
