"""The period of a page, and the preceding period of the same length."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from dashboards import words
from dashboards.publication import Status

_CHOICES = {"Last 30 days": 30, "Last 90 days": 90, "Last 12 months": 365}


@dataclass(frozen=True)
class Period:
    """Days from `start` to the one before `end`."""

    start: date
    end: date

    @property
    def before(self) -> "Period":
        """The preceding period of the same length."""
        return Period(self.start - (self.end - self.start), self.start)

    @property
    def in_words(self) -> str:
        """The first and the last day."""
        return f"{words.day(self.start)} to {words.day(self.end - timedelta(days=1))}"


def choose(status: Status, *, key: str, index: int = 1) -> Period:
    """Let the visitor choose a period that ends with the last complete day before the marts were built."""
    chosen = st.selectbox("Period", list(_CHOICES), index=index, key=key)
    return last_days(status, _CHOICES[chosen])


def last_days(status: Status, days: int) -> Period:
    """Return the last complete days before the marts were built."""
    end = status.run_at.date()
    return Period(end - timedelta(days=days), end)
