"""Questions of data stewards about the identity graph: why two are one person, what a changed rule would do."""

import security.telemetry  # noqa: F401  # before any tool is loaded
