"""Superset's settings, for one machine; `start.py` sets SUPERSET_HOME and MARTS_PATH.

Every connection to DuckDB is in memory, with the published marts attached read-only: it reads the version that is
published at that moment, and Superset opens a connection for each query.
"""

import logging
import os
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_HOME = Path(os.environ["SUPERSET_HOME"])
_MARTS = os.environ["MARTS_PATH"].replace("'", "''")
_SPILL = str(_HOME / "spill").replace("'", "''")

SECRET_KEY = (_HOME / "secret_key").read_text(encoding="utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_HOME / 'superset.db'}"
LOG_LEVEL = logging.ERROR
# One process serves everything, so its memory will do.
RATELIMIT_STORAGE_URI = "memory://"

# Superset's own policy lets pages load a pixel that counts installations, and maps and fonts of other servers.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}


@event.listens_for(Engine, "connect")
def attach_marts(connection: Any, _: object) -> None:
    """Attach the marts, then lock the session: SQL Lab would read any file of the machine, the warehouse too."""
    if not type(connection).__module__.startswith("duckdb_engine"):
        return
    connection.execute(f"attach '{_MARTS}' as marts (read_only)")
    connection.execute("use marts")
    connection.execute("set memory_limit = '2GB'")
    connection.execute(f"set temp_directory = '{_SPILL}'")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
