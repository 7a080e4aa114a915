"""One row per distinct text, with its language, its VADER sentiment and its emotion.

The rules of the seed `emotion_rules` are tried in Python, because DuckDB compiles a pattern that stands in a
column again for each row: 33 rules on 4,200 texts took more than five minutes, and take two seconds here.
"""

import re
import unicodedata
from functools import cache

import pandas as pd
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from vader import SentimentIntensityAnalyzer

# Longer texts give no better result, and one of 400,000 characters takes seconds.
READ_CHARACTERS = 10_000
# Links, handles and numbers have no language.
NOT_WORDS = re.compile(r"https?://\S+|[@#]\S+|\S*[0-9]\S*")
# The detector supports 97 more, and detects short German texts as Luxembourgish and short Spanish ones as
# Catalan.
LANGUAGES = (
    "ar bg bn cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv nl no pl pt ro ru sk sl sr sv th tr uk vi"
    " zh"
)
# Below this length, as for "Yes" or "Lovely jacket", the detector guesses. The word list of the sentiment is
# English.
NAMED_PROBABILITY = 0.5
UNLESS_NAMED = "en"


@cache
def language_identifier():
    """Return the detector, which takes half a second to read."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES.split())
    return identifier


def language_of(text):
    """Return the language of ``text`` as two letters; None if it has no letters."""
    if not any(letter.isalpha() for letter in text):
        return None
    language, probability = language_identifier().classify(NOT_WORDS.sub(" ", text))
    return str(language) if probability >= NAMED_PROBABILITY else UNLESS_NAMED


def plain_text(text):
    """Return lower-case words without accents, a blank around each, and behind them the marks: " where is it ?!"."""
    letters = unicodedata.normalize("NFD", text.lower().replace("ß", "ss").replace("œ", "oe"))
    words = re.sub(
        "[^a-z0-9]+", " ", "".join(letter for letter in letters if not unicodedata.combining(letter))
    )
    return f" {words.strip()} {re.sub('[^?!]+', '', text)}"


def rules_of(seed):
    """Return the rules in their order, patterns compiled; a missing bound or pattern is None."""
    rows = seed.df().sort_values("priority").astype(object)
    rows = rows.where(rows.notna(), None).to_dict("records")
    for row in rows:
        for pattern in ("text_pattern", "unless_pattern"):
            row[pattern] = re.compile(row[pattern]) if row[pattern] else None
    return rows


def fits(rule, plain, language, sentiment):
    """Return whether the rule finds its emotion in the text."""
    if rule["language"] not in (None, language):
        return False
    for bound, sign in (("min_sentiment", 1), ("max_sentiment", -1)):
        if rule[bound] is not None and (sentiment is None or sign * sentiment < sign * float(rule[bound])):
            return False
    if not rule["text_pattern"].search(plain):
        return False
    return rule["unless_pattern"] is None or not rule["unless_pattern"].search(plain)


def model(dbt, session):
    """Distinct message texts in; text, language, sentiment, emotion and emotion_rule out."""
    dbt.config(materialized="table")
    touchpoints = dbt.ref("int_touchpoints__classified")
    rules = rules_of(dbt.ref("emotion_rules"))
    read_languages = {rule["language"] for rule in rules} | {None}
    analyzer = SentimentIntensityAnalyzer()
    written = touchpoints.filter("message_text is not null").project("message_text").distinct()
    rows = []
    for whole_text in written.df()["message_text"]:
        text = whole_text[:READ_CHARACTERS]
        language = language_of(text)
        sentiment = emotion = rule_name = None
        if language in (UNLESS_NAMED, None):
            sentiment = analyzer.polarity_scores(text)["compound"]
        if language in read_languages:
            plain = plain_text(text)
            rule = next(
                (rule for rule in rules if fits(rule, plain, language or UNLESS_NAMED, sentiment)), None
            )
            emotion, rule_name = (rule["emotion"], rule["rule_name"]) if rule else ("neutral", None)
        rows.append((whole_text, language, sentiment, emotion, rule_name))
    columns = ["message_text", "language", "sentiment", "emotion", "emotion_rule"]
    texts = pd.DataFrame(rows, columns=columns).astype("string")
    return texts.astype({"sentiment": "float64"})
