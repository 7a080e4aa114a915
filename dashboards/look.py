"""The look of all pages: one palette, one kind of table, tile and chart, and sentences in place of empty ones.

All values of the data are escaped, because customers choose product names, order numbers and campaigns.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go
import streamlit as st

from dashboards import words
from printable import escaped

INK, GRID, MUTED, ACCENT, WARM, BAD = "#1c2b33", "#e3e9ec", "#5b6b73", "#0b6e6e", "#d98324", "#b3382c"
PALETTE = (
    "#0b6e6e", "#d98324", "#3d5a98", "#7aa95c", "#a04d7e", "#6fb1c7", "#8a6d3b", "#b3382c", "#5b6b73", "#c9b458",
)  # fmt: skip
px.defaults.color_discrete_sequence = list(PALETTE)
SCALE = [[0, "#eef5f5"], [0.5, "#62a8a8"], [1, "#08494a"]]

STYLE = f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"

_MOST_COLUMNS_ON_A_PHONE = 3
Writer = Callable[[Any], str]


@dataclass(frozen=True)
class Column:
    """A column of a shown table: its name in the data, its heading, and its format."""

    name: str
    heading: str
    write: Writer = words.label

    @property
    def kind(self) -> str:
        """Return the CSS class: numbers to the right, days unbroken, long texts wide."""
        if self.write in (words.instant, words.day, words.month):
            return "day"
        if self.write in (words.label, words.path, text):
            return "wide" if self.write is words.path or self.write is text else ""
        return "num"


def text(value: Any) -> str:
    """Write a value unchanged, such as a sentence or an id."""
    return words.NONE if words.is_missing(value) else str(value)


def safe(value: object) -> str:
    """Return a value for HTML: no markup, no control characters."""
    return escape(escaped(value))


def plain(value: object) -> str:
    """Return a value for Streamlit's Markdown, with all markup escaped."""
    return re.sub(r"([^\w\s])", r"\\\1", escaped(value))


def tiles(items: Iterable[tuple[str, str] | tuple[str, str, str]]) -> None:
    """Show figures side by side: label, figure and an optional note."""
    shown = []
    for label, figure, *note in items:
        size = " class='long'" if len(figure) > 12 else ""
        under = f"<span>{safe(note[0])}</span>" if note and note[0] else ""
        shown.append(
            f"<div class='tl-tile'><span>{safe(label)}</span><b{size}>{safe(figure)}</b>{under}</div>"
        )
    st.html(f"<div class='tl-tiles'>{''.join(shown)}</div>")


def table(data: pd.DataFrame, columns: Sequence[Column], *, empty: str) -> None:
    """Show a table, or the sentence `empty` in its place. On narrow screens it scrolls in its own frame."""
    if data.empty:
        nothing(empty)
        return
    heads = "".join(f"<th class='{column.kind}'>{safe(column.heading)}</th>" for column in columns)
    body = "".join(
        f"<tr>{''.join(_cell(column, row[column.name]) for column in columns)}</tr>"
        for row in data.to_dict("records")
    )
    cards = " tl-cards" if len(columns) > _MOST_COLUMNS_ON_A_PHONE else ""
    st.html(
        f"<div class='tl-scroll' tabindex='0'><table class='tl-table{cards}'><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(column: Column, value: Any) -> str:
    shown = column.write(value)
    none = " none" if shown == words.NONE else ""
    return f"<td class='{column.kind}{none}' data-label='{safe(column.heading)}'>{safe(shown)}</td>"


def first(data: pd.DataFrame, most: int, *, key: str, what: str) -> pd.DataFrame:
    """Return the first rows of a long table, all of them if the visitor asks for that."""
    if len(data) > most and not st.toggle(f"Show all {len(data)} {what}", key=key):
        return data.head(most)
    return data


def sentences(lines: Sequence[str], *, empty: str) -> None:
    """Show a list of sentences."""
    if not lines:
        nothing(empty)
        return
    st.html(f"<ul class='tl-list'>{''.join(f'<li>{safe(line)}</li>' for line in lines)}</ul>")


def nothing(reason: str) -> None:
    """Show why there is no content."""
    st.html(f"<div class='tl-empty'>{safe(reason)}</div>")


def note(sentence: str) -> None:
    """Show how to read a figure."""
    st.html(f"<div class='tl-note'>{safe(sentence)}</div>")


def heading(value: str) -> None:
    """Show a value of the data as a heading, which Streamlit's own headings would read as Markdown."""
    st.html(f"<h2 class='tl-heading'>{safe(value)}</h2>")


def section(title: str, sentence: str = "") -> None:
    """Begin a section of a page; the title must not be a value of the data."""
    st.header(title, anchor=False)
    if sentence:
        note(sentence)


def chart(figure: go.Figure, *, key: str, height: int = 340, legend: bool = True) -> None:
    """Show a plotly figure in the common look."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 12, "b": 8},
        font={"family": "Source Sans, sans-serif", "size": 13, "color": INK},
        colorway=PALETTE,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=legend,
        legend={
            "orientation": "h",
            "yanchor": "top",
            "y": -0.16,
            "x": 0,
            "title": None,
            "traceorder": "normal",
        },
        hoverlabel={"font_size": 13},
        separators=".,",
    )
    figure.update_xaxes(
        gridcolor=GRID, zerolinecolor=GRID, automargin=True, title={"standoff": 8, "font_size": 13}
    )
    figure.update_yaxes(
        gridcolor=GRID, zerolinecolor=GRID, automargin=True, title={"standoff": 8, "font_size": 13}
    )
    st.plotly_chart(figure, key=key, theme=None, config={"displayModeBar": False, "scrollZoom": False})
