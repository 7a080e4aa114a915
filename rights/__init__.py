"""A person's rights as commands: erasure, access, retention. May import every package that stores personal data.

Does not import Dagster. Erasure writes a new warehouse without the person next to the old one, builds it in full, and
only then swaps the files; so a killed process leaves one complete warehouse.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
