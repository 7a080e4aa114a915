"""Audiences: who is to be written to, and sending them to where that is done.

audiences/*.yml ─ members by SQL over the marts ─ less who may not be written to ─ what changed ─ destination
    └ every sending is landed as an event of its own, so that the next run knows of it as of any other touchpoint

Knows nothing of Dagster.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
