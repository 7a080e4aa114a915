"""One row per distinct text that was written: its sentiment from -1 (bad) to 1 (good), after VADER."""

import pandas as pd
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer


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
                [analyzer.polarity_scores(text)["compound"] for text in texts], dtype="float64"
            ),
        }
    )
