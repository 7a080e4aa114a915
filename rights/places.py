"""Paths of everything that may have personal data, from the environment variables of the other packages."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ingestion.load.erased import KEY_FILE
from ingestion.settings import YES_OR_NO
from publishing.private_marts import SETTING as PRIVATE
from publishing.secret import read_or_make_key
from publishing.sessions import MEMORY_LIMIT


class RightsError(RuntimeError):
    """The request cannot be fulfilled; the message says why, and nothing was changed."""


@dataclass(frozen=True)
class Places:
    """Absolute paths of this installation; `keeps_orders` says that receipts and orders stay as anonymous facts."""

    warehouse: Path
    marts: Path
    dbt_project: Path
    dagster_home: Path
    private_marts: Path | None = None
    publish_pii: bool = False
    keeps_orders: bool = True
    identity_salt: str = ""
    memory_limit: str = MEMORY_LIMIT

    @property
    def data(self) -> Path:
        """The folder of the warehouse, with logs, reports and files of tools."""
        return self.warehouse.parent

    @property
    def work(self) -> Path:
        """The folder of an unfinished erasure, with its journal and the new warehouse."""
        return self.data / ".erasing"

    @property
    def certificates(self) -> Path:
        """The folder of the certificates of erasures."""
        return self.data / "erasures"

    @property
    def exports(self) -> Path:
        """The folder of exports for people."""
        return self.data / "exports"

    @property
    def dlt_state(self) -> Path:
        """The folder of dlt's working folders; a load creates them again."""
        return self.data / ".dlt_pipelines" / self.warehouse.name

    def suppression_key(self) -> str:
        """Return the key of the suppression list, generated on first use. It must not change: no hash would match."""
        return read_or_make_key(self.warehouse.with_name(KEY_FILE))

    def hashing_key(self) -> str:
        """Return the key of hashed columns, as publishing uses it."""
        return self.identity_salt or read_or_make_key(self.warehouse.with_name(".identity_salt"))


def read_places(environment: Mapping[str, str] = os.environ) -> Places:
    """Read all paths. Raises RightsError for an invalid setting."""

    def path(name: str, default: str) -> Path:
        return Path(environment.get(name) or default).absolute()

    private = environment.get(PRIVATE, "").strip()
    return Places(
        warehouse=path("WAREHOUSE_PATH", "data/warehouse.duckdb"),
        marts=path("MARTS_PATH", "data/marts.duckdb"),
        dbt_project=path("DBT_PROJECT_DIR", "dbt_project"),
        dagster_home=path("DAGSTER_HOME", "orchestration/instance"),
        private_marts=Path(private).absolute() if private else None,
        publish_pii=_flag(environment, "PUBLISH_PII", "false"),
        keeps_orders=_flag(environment, "ERASURE_KEEPS_ORDERS", "true"),
        identity_salt=environment.get("IDENTITY_SALT", ""),
        memory_limit=environment.get("WAREHOUSE_MEMORY") or MEMORY_LIMIT,
    )


def _flag(environment: Mapping[str, str], name: str, default: str) -> bool:
    value = (environment.get(name) or default).strip().lower()
    if value not in YES_OR_NO:
        raise RightsError(f"{name} is {value!r}, but must be true or false.")
    return YES_OR_NO[value]
