"""Ingestion: raw data from where it lands into the schema ``raw`` of the warehouse, with dlt."""

import security.telemetry  # noqa: F401  # before any tool is loaded
