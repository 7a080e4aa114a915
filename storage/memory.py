"""Has Arrow give freed memory back to the system; importing this module before Arrow is loaded is enough.

Arrow's own allocator keeps what a thread of DuckDB has freed when it exported a table: 430 MB after the profiles of ten
million events. Subprocesses inherit the variable.
"""

import os

os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
