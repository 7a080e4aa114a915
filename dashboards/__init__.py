"""Dashboards over the published marts, in Streamlit.

    views/      a module for each page: what it shows
    queries/    a module for each page: every query that it makes
    app.py      what Streamlit runs for each visitor; `python -m dashboards` serves it behind a guard

They read only the published file. The operations page also reads runs from Dagster, if there is an instance.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
