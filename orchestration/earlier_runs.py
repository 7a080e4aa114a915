"""What Dagster remembers of earlier runs: how each source's load ended, and what was published last."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from orchestration.ingest import RAW_TABLES, raw_key

PUBLISHED_KEY = dg.AssetKey(["published", "marts"])


@dataclass(frozen=True)
class SourceState:
    """How a source's latest load ended."""

    status: str
    message: str


def source_states(instance: dg.DagsterInstance) -> dict[str, SourceState]:
    """Return the state of every source that was ever loaded under this instance."""
    states = {}
    for source, tables in RAW_TABLES.items():
        metadata = _latest(instance, raw_key(tables[0]))
        if metadata:
            states[source] = SourceState(str(metadata["status"]), str(metadata["message"]))
    return states


def last_published(instance: dg.DagsterInstance) -> dict[str, Any]:
    """Return the metadata of the latest publication; nothing where there was none."""
    return _latest(instance, PUBLISHED_KEY)


def found_before(instance: dg.DagsterInstance, name: str, run_id: str, entry: str) -> Mapping[str, str]:
    """Return what the check `name` of the published marts put into `entry` of its metadata before the run `run_id`."""
    key = dg.AssetCheckKey(PUBLISHED_KEY, name)
    for record in instance.event_log_storage.get_asset_check_execution_history(key, limit=20):
        event = record.event.dagster_event if record.event else None
        if (
            record.run_id != run_id
            and event is not None
            and event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        ):
            found: Mapping[str, str] = event.asset_check_evaluation_data.metadata[entry].value  # type: ignore[assignment]
            return found
    return {}


def _latest(instance: dg.DagsterInstance, key: dg.AssetKey) -> dict[str, Any]:
    event = instance.get_latest_materialization_event(key)
    if event is None or event.asset_materialization is None:
        return {}
    return {name: entry.value for name, entry in event.asset_materialization.metadata.items()}
