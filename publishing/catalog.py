"""The marts to publish, as dbt describes them: columns, and how personal data is treated."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from publishing.errors import PublishError
from publishing.lineage import Lineage, lineage_of

Treatment = Literal["mask", "hash", "drop"]


@dataclass(frozen=True)
class MartColumn:
    """A column as dbt documents it; `pii` says how it is treated if personal data is not published."""

    name: str
    data_type: str
    description: str
    pii: Treatment | None


@dataclass(frozen=True)
class Restated:
    """The figures of a mart in the ledger of restatements: per day, the number of rows and sums of columns."""

    date: str
    count: str | None
    sums: tuple[str, ...]

    @property
    def columns(self) -> set[str]:
        """The columns of the mart that are read."""
        return {self.date, *self.sums}

    @property
    def figures(self) -> dict[str, str]:
        """SQL of each figure, by its name."""
        counted = {self.count: "count(*)::decimal(38, 4)"} if self.count else {}
        return counted | {name: f'coalesce(sum("{name}"), 0)::decimal(38, 4)' for name in self.sums}


@dataclass(frozen=True)
class Mart:
    """A table of the published schema; `domain` is the folder its model is in."""

    name: str
    domain: str
    description: str
    columns: tuple[MartColumn, ...]
    lineage: Lineage = field(default_factory=Lineage)
    restated: Restated | None = None

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of all documented columns, in dbt's order."""
        return tuple(column.name for column in self.columns)


def read_catalog(manifest: Path, schema: str = "marts") -> tuple[Mart, ...]:
    """Every model of `schema` in dbt's manifest, by name. Raises PublishError if there is none."""
    try:
        content: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PublishError(f"There is no dbt manifest {manifest}: run `dbt parse` first.") from None
    marts = [
        _mart(node, lineage_of(unique_id, content, schema))
        for unique_id, node in content["nodes"].items()
        if node["resource_type"] == "model" and node["schema"] == schema and _is_table(node)
    ]
    if not marts:
        raise PublishError(f"dbt's manifest {manifest} has no model in the schema {schema}.")
    return tuple(sorted(marts, key=lambda mart: mart.name))


def _is_table(node: Mapping[str, Any]) -> bool:
    return bool(node["config"]["enabled"]) and node["config"]["materialized"] != "ephemeral"


def _mart(node: Mapping[str, Any], lineage: Lineage) -> Mart:
    return Mart(
        name=node["alias"],
        domain=node["fqn"][-2],
        description=node["description"].strip(),
        columns=tuple(_column(node["alias"], column) for column in node["columns"].values()),
        lineage=lineage,
        restated=_restated(node),
    )


def _restated(node: Mapping[str, Any]) -> Restated | None:
    given = node["config"].get("meta", {}).get("restated")
    if given is None:
        return None
    restated = Restated(date=given["date"], count=given.get("count"), sums=tuple(given.get("sums", ())))
    if unknown := sorted(restated.columns - set(node["columns"])):
        raise PublishError(
            f"{node['alias']}: config.meta.restated names {', '.join(unknown)}, no columns of it."
        )
    return restated


def _column(mart: str, column: Mapping[str, Any]) -> MartColumn:
    meta = {**column.get("meta", {}), **column.get("config", {}).get("meta", {})}
    pii = meta.get("pii")
    if pii is not None and pii not in get_args(Treatment):
        known = ", ".join(get_args(Treatment))
        raise PublishError(
            f"{mart}.{column['name']}: config.meta.pii is {pii!r}, but must be one of {known}."
        )
    return MartColumn(
        name=column["name"],
        data_type=column.get("data_type") or "",
        description=column["description"].strip(),
        pii=cast("Treatment | None", pii),
    )
