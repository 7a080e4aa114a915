"""Speed and memory, as ratios to an anchor measured on the same machine."""

import security.telemetry  # noqa: F401  # before any tool is loaded
