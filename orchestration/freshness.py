"""How old a mart may be: refreshed each day, with hours to spare before anybody is alerted."""

from datetime import timedelta

import dagster as dg

FRESH_EACH_DAY = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(hours=36), warn_window=timedelta(hours=26)
)
