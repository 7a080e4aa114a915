"""Finds what changed in the warehouse since a version was published, if the warehouse has recorded it.

After a full build, slices replace the rows of some customers and record them in the schema `slices`. So the next
version is a copy of the published file in which the rows of these customers, and rows without a customer, are written
again. Other tables are compared, and written again if they differ. Old rows stay readable in freed blocks of the file,
so a change of masking, a change of the project or an erasure needs a new file; so does the first run of each day.
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
    """The inputs of a version: a full build, the number of slices merged into it, and how data was masked."""

    build: str = ""
    merges: int = 0
    masking: str = ""


@dataclass(frozen=True)
class Since:
    """The version to start from, and the tables in which only rows of some customers can have changed."""

    version: Version
    merges: int
    marts: frozenset[str] = field(default_factory=frozenset)

    def replaced(self, mart: str) -> str:
        """Return the SQL condition on the rows of ``mart`` to write again; empty if all must be compared."""
        if mart not in self.marts:
            return ""
        merged = f"select customer_id from warehouse.slices.merged where merge_number > {self.merges}"
        return f"(customer_id is null or customer_id in ({merged}))"


def made_from(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], *, publish_pii: bool, key: str
) -> MadeFrom:
    """Read what the warehouse, attached as `warehouse`, is made from; the build is empty if it is not recorded."""
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
    """Return what the published version does not have yet; None if a new file must be written."""
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
    """Return the digest of how marts are published: columns, treatment, descriptions and key."""
    set_key(connection, key)
    anything = "'throughline'"
    hashed = connection.execute(f"select {hmac(anything)}").fetchone()
    content = [publish_pii, hashed, [asdict(mart) for mart in marts]]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
