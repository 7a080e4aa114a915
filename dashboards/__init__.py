"""Dashboards over the published marts, in Streamlit.

    views/      a module for each page: what it shows
    queries/    a module for each page: every query that it makes
    app.py      what Streamlit runs for each visitor; `python -m dashboards` serves it behind a guard

They read the published file alone. The operations page also asks Dagster for its runs, if it is there.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
