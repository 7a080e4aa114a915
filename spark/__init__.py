"""The same dbt project on Apache Spark, for data that one machine's DuckDB file no longer holds.

It runs in an environment of its own (`make spark-setup`), which has Spark next to everything else.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
