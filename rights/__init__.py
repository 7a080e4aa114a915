"""A person's rights as commands: erasure, access, retention. It stands above the parts that hold what is known.

Knows nothing of Dagster. Erasure makes a new warehouse without the person beside the old one, builds it in full, and
only then puts it in the old one's place; so a process that is killed leaves one of the two, whole.
"""

import security.telemetry  # noqa: F401  # before any tool is loaded
