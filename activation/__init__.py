"""Audiences: whom to contact, and sending the list to where it is used.

audiences/*.yml ─ members by SQL over the marts ─ without those who may not be contacted ─ changes ─ destination
    └ every sending lands as an event, so that the next run loads it as a touchpoint

Does not import Dagster.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
