"""What changed in the warehouse since a version was published, where the warehouse knows it.

After a whole build, slices replace the rows of some customers and note whose in the schema `slices`. So the next
version is a copy of the published file in which these customers' rows, and rows of no customer, are written again;
other tables are compared, and written again if they differ. Old rows stay readable in freed blocks of the file, so
another way to mask, another project or an erasure make it a new file; so does the first run of each day.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import duckdb

from publishing.catalog import Mart
from publishing.shelf import Index, Shelf, Version
from security.keyed_hash import hmac, set_key


@dataclass(frozen=True)
class MadeFrom:
    """What a version was made from: a whole build, how many slices were merged into it, and how data was masked."""

    build: str = ""
    merges: int = 0
    masking: str = ""


@dataclass(frozen=True)
class Since:
    """The version to begin with, and in which tables only the rows of some customers can have changed."""

    version: Version
    merges: int
    marts: frozenset[str] = field(default_factory=frozenset)

    def replaced(self, mart: str) -> str:
        """SQL condition on the rows of ``mart`` that are written again; empty where all must be compared."""
        if mart not in self.marts:
            return ""
        merged = f"select customer_id from warehouse.slices.merged where merge_number > {self.merges}"
        return f"(customer_id is null or customer_id in ({merged}))"


def made_from(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], *, publish_pii: bool, key: str
) -> MadeFrom:
    """Read what the warehouse, attached as `warehouse`, is made from now; its build is empty where it does not know."""
    try:
        found = connection.execute("""
            select build_id, (select coalesce(max(merge_number), 0) from warehouse.slices.merged)
            from warehouse.slices.build
        """).fetchone()
    except (duckdb.CatalogException, duckdb.BinderException):
        found = None
    build, merges = found or ("", 0)
    return MadeFrom(str(build), int(merges), _masking(connection, marts, publish_pii, key))


def since_published(
    connection: duckdb.DuckDBPyConnection, shelf: Shelf, index: Index, now: MadeFrom
) -> Since | None:
    """Return what the published version lacks; None where a new file must be written."""
    current = index.find(index.current)
    if current is None or not now.build or not shelf.is_whole(current):
        return None
    before = MadeFrom(**current.made_from)
    if (before.build, before.masking) != (now.build, now.masking) or before.merges > now.merges:
        return None
    marts = connection.execute("select mart from warehouse.slices.merged_marts").fetchall()
    return Since(current, before.merges, frozenset(mart for (mart,) in marts))


def _masking(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], publish_pii: bool, key: str
) -> str:
    """Digest how marts are published: their columns, how each is treated and described, and under which key."""
    set_key(connection, key)
    anything = "'throughline'"
    hashed = connection.execute(f"select {hmac(anything)}").fetchone()
    content = [publish_pii, hashed, [asdict(mart) for mart in marts]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
