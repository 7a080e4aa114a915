"""The head of every page: its question, and the time, completeness and version of its figures."""

import streamlit as st

from dashboards import look, words
from dashboards.publication import Status, UnreadableError, status


def begin(title: str, question: str) -> Status:
    """Show the head of a page and return the status of the publication; ends the page if there is none."""
    st.title(title, anchor=False)
    st.html(f"<p class='tl-sub'>{look.safe(question)}</p>")
    try:
        found = status()
    except UnreadableError as error:
        look.nothing(str(error))
        st.stop()
    st.html(f"<div class='tl-asof'>{''.join(_facts(found))}</div>")
    return found


def _facts(found: Status) -> list[str]:
    loaded = [words.label(name) for name, ended in sorted(found.sources.items()) if ended == "loaded"]
    absent = [words.label(name) for name, ended in sorted(found.sources.items()) if ended == "not_configured"]
    if found.failed:
        failed = ", ".join(words.label(name) for name in found.failed)
        sources = f"<b class='tl-bad'>incomplete: {look.safe(failed)} failed</b>"
    else:
        sources = f"<b>complete</b> ({look.safe(', '.join(loaded) or 'none is configured')})"
    if absent:
        sources += f", not configured: {look.safe(', '.join(absent))}"
    return [
        f"<span>As of <b>{look.safe(words.instant(found.run_at))} UTC</b></span>",
        f"<span>Sources: {sources}</span>",
        f"<span>Version <b>{look.safe(found.version)}</b></span>",
    ]
