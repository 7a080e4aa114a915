"""What Streamlit runs for each visitor and each act of theirs: the navigation and the page that was chosen."""

from pathlib import Path

import streamlit as st

from dashboards import questions, signing_in
from dashboards.look import STYLE
from dashboards.navigation import GROUPS

# A name of an icon would be fetched from a server of somebody else.
ICON = Path(__file__).with_name("icon.svg")


def main() -> None:
    """Show the chosen page."""
    st.set_page_config(page_title="Throughline", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    pages = {
        group: [
            st.Page(each.show(), title=each.title, url_path=each.module, icon=each.icon) for each in entries
        ]
        for group, entries in GROUPS.items()
    }
    chosen = st.navigation(pages)
    signing_in.offer()
    chosen.run()
    questions.offer(chosen.url_path)


main()
