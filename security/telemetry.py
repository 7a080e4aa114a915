"""Switches the telemetry of every tool off, by the tools' own variables; importing this module is enough.

Each package imports it before any tool is loaded, and subprocesses inherit the variables. Settings files are not
enough, because each tool looks for its own in some folder, and the current folder may be any.
"""

import os

OFF = {
    "DO_NOT_TRACK": "1",
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "DAGSTER_DISABLE_TELEMETRY": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}
os.environ.update(OFF)
