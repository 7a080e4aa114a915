"""The script that Streamlit runs for each interaction of a visitor: the navigation and the chosen page."""

from importlib import import_module
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import look, questions, signing_in
from dashboards.navigation import GROUPS, Entry
from dashboards.publication import UnreadableError

# Named icons would be fetched from another server.
ICON = Path(__file__).with_name("icon.svg")


def main() -> None:
    """Show the chosen page."""
    st.set_page_config(page_title="Throughline", page_icon=str(ICON), layout="wide")
    st.html(look.STYLE)
    chosen = st.navigation({group: [_page(entry) for entry in entries] for group, entries in GROUPS.items()})
    signing_in.offer()
    chosen.run()
    questions.offer(chosen.url_path)


def _page(entry: Entry) -> StreamlitPage:
    def show() -> None:
        """Show the page, or a message if its data are gone. The first visit imports its module."""
        try:
            import_module(f"dashboards.views.{entry.module}").show()
        except UnreadableError as error:
            look.nothing(str(error))

    return st.Page(show, title=entry.title, url_path=entry.module, icon=entry.icon)


main()
