"""Orchestration: the only package that knows Dagster. It imports the others and is imported by none."""

import security.telemetry  # noqa: F401  # before any tool is loaded
import storage.memory  # noqa: F401  # likewise
